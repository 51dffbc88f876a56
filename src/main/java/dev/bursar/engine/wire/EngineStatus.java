// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

/** {@code GET /_engine/status}: what whoever uses the engine should know before, and without a key. */
public record EngineStatus(boolean confined, String situation) implements Protocol {

    @Override
    public boolean takes(Call call) {
        return call.path().equals("/_engine/status");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public String service(Call call) {
        return "sagemaker";
    }

    @Override
    public String operation(Call call) {
        return "Engine.Status";
    }

    @Override
    public String resource(Call call) {
        return "";
    }

    @Override
    public Reply answer(Call call, String requestId) {
        if (!call.method().equals("GET")) {
            throw Refusal.validation("The status can be read with GET.");
        }
        var status = SdkCodec.JSON.createObjectNode();
        status.putObject("confinement").put("confined", confined).put("situation", situation);
        return Reply.of(200, "application/json", status.toString(), "OK");
    }

    @Override
    public Reply error(WireError error, String requestId) {
        var body = SdkCodec.JSON.createObjectNode().put("__type", error.code()).put("message", error.message());
        return Reply.of(error.status(), "application/json", body.toString(), error.code());
    }
}
