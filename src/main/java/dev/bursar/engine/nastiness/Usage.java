// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The instances that resources of a kind have, and those that a call would add. */
public interface Usage {

    /** What follows the instance type and "for" in the name of the limit. */
    String name();

    /** Instances that a call would add, by instance type. */
    Map<String, Integer> added(JsonNode request);

    /** Instances of a type that there are. */
    int used(String instanceType);
}
