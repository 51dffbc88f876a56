// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which fleet takes the invocations of which endpoint. */
public final class Fleets {

    private final Map<String, Fleet> serving = new ConcurrentHashMap<>();

    Optional<Fleet> of(String endpoint) {
        return Optional.ofNullable(serving.get(endpoint));
    }

    void put(String endpoint, Fleet fleet) {
        serving.put(endpoint, fleet);
    }

    void remove(String endpoint) {
        serving.remove(endpoint);
    }
}
