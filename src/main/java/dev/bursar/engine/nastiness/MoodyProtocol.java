// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.wire.Call;
import dev.bursar.engine.wire.Protocol;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.Reply;
import dev.bursar.engine.wire.WireError;

/** A protocol whose calls meet the fate that the moods decide. */
public record MoodyProtocol(Protocol calm, Moods moods) implements Protocol {

    private static final WireError THROTTLED = new WireError(400, "ThrottlingException", "Rate exceeded");
    private static final WireError FAILED =
            new WireError(500, "InternalFailure", "We encountered an internal error. Please try again.");

    @Override
    public boolean takes(Call call) {
        return calm.takes(call);
    }

    @Override
    public String service(Call call) {
        return calm.service(call);
    }

    @Override
    public String operation(Call call) {
        return calm.operation(call);
    }

    @Override
    public String resource(Call call) {
        return calm.resource(call);
    }

    @Override
    public Reply answer(Call call, String requestId) {
        var operation = operation(call);
        var fate = moods.fate(operation.substring(operation.lastIndexOf('.') + 1));
        return switch (fate) {
            case ANSWERED -> calm.answer(call, requestId);
            case THROTTLED -> throw new Refusal(THROTTLED);
            case ERROR_BEFORE -> throw new Refusal(FAILED);
            case RESET_BEFORE -> Reply.NONE;
            case ERROR_AFTER -> {
                calm.answer(call, requestId);
                throw new Refusal(FAILED);
            }
            case RESET_AFTER -> {
                calm.answer(call, requestId);
                yield Reply.NONE;
            }
        };
    }

    @Override
    public Reply error(WireError error, String requestId) {
        return calm.error(error, requestId);
    }
}
