package dev.bursar.engine;

import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** In which manner operations answer whose request is understood and valid. */
interface Manner {

    /** Answers a call, plainly or in the engine's way. */
    ObjectNode answer(String operation, JsonNode request, Function<JsonNode, ObjectNode> plain);
}
