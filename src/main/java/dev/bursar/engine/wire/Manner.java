// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** In which manner operations answer whose request is understood and valid. */
public interface Manner {

    /** Answers a call, plainly or in the engine's way. */
    ObjectNode answer(String operation, JsonNode request, Function<JsonNode, ObjectNode> plain);
}
