// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

/** One of the protocols spoken on the engine's port. */
public interface Protocol {

    boolean takes(Call call);

    /** Whether anybody may ask. */
    default boolean isOpen() {
        return false;
    }

    /** The name a request must be signed for. */
    String service(Call call);

    /** What is asked, for the request log. */
    String operation(Call call);

    /** What the call is about, as far as one can tell without understanding it. */
    String resource(Call call);

    /** Answers, or throws a {@link Refusal}. */
    Reply answer(Call call, String requestId);

    Reply error(WireError error, String requestId);
}
