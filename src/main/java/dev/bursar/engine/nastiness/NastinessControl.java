// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.wire.Call;
import dev.bursar.engine.wire.Protocol;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.Reply;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import tools.jackson.core.JacksonException;

/** {@code GET} and {@code PUT /_engine/nastiness}, signed like a call of SageMaker; is never nasty itself. */
public record NastinessControl(Moods moods) implements Protocol {

    private static final String TYPE = "application/json";

    @Override
    public boolean takes(Call call) {
        return call.path().equals("/_engine/nastiness");
    }

    @Override
    public String service(Call call) {
        return "sagemaker";
    }

    @Override
    public String operation(Call call) {
        return "Engine." + call.method() + "Nastiness";
    }

    @Override
    public String resource(Call call) {
        return "";
    }

    @Override
    public Reply answer(Call call, String requestId) {
        switch (call.method()) {
            case "GET" -> {}
            case "PUT" -> moods.set(given(call));
            default -> throw Refusal.validation("The nastiness can be read with GET and set with PUT.");
        }
        return Reply.of(200, TYPE, moods.nastiness().toJson().toString(), "OK");
    }

    @Override
    public Reply error(WireError error, String requestId) {
        var body = SdkCodec.JSON.createObjectNode().put("__type", error.code()).put("message", error.message());
        return Reply.of(error.status(), TYPE, body.toString(), error.code());
    }

    private static Nastiness given(Call call) {
        try {
            return Nastiness.of(SdkCodec.JSON.readTree(call.body()));
        } catch (JacksonException e) {
            throw Refusal.validation("The body is not a JSON object.");
        }
    }
}
