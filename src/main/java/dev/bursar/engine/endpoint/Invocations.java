// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import dev.bursar.engine.cloudwatch.InvocationMetrics;
import dev.bursar.engine.model.ModelAnswer;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.wire.Account;
import dev.bursar.engine.wire.Call;
import dev.bursar.engine.wire.Protocol;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.Reply;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;
import tools.jackson.databind.node.ObjectNode;

/** SageMaker Runtime: {@code POST /endpoints/{name}/invocations}, passed on to the process that serves the model. */
public final class Invocations implements Protocol {

    private static final Pattern PATH = Pattern.compile("/endpoints/([^/]+)/([a-z-]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LIMIT = 6_291_456;
    private static final Set<EndpointStatus> INVOKABLE = Set.of(
            EndpointStatus.IN_SERVICE,
            EndpointStatus.UPDATING,
            EndpointStatus.SYSTEM_UPDATING,
            EndpointStatus.ROLLING_BACK);
    private static final List<String> FORWARDED =
            List.of("content-type", "accept", "x-amzn-sagemaker-custom-attributes", "x-amzn-sagemaker-inference-id");

    private final Resources<DescribeEndpointResponse> endpoints;
    private final Fleets fleets;
    private final Account account;
    private final InvocationMetrics metrics;
    private final Clock clock;

    public Invocations(RunParts parts, Fleets fleets, InvocationMetrics metrics) {
        this.metrics = metrics;
        this.clock = parts.clock();
        this.endpoints = parts.estate().endpoints();
        this.fleets = fleets;
        this.account = parts.account();
    }

    @Override
    public boolean takes(Call call) {
        return call.path().startsWith("/endpoints/");
    }

    @Override
    public String service(Call call) {
        return "sagemaker";
    }

    @Override
    public String operation(Call call) {
        return switch (part(call, 2)) {
            case "invocations" -> "SageMakerRuntime.InvokeEndpoint";
            case "async-invocations" -> "SageMakerRuntime.InvokeEndpointAsync";
            case "invocations-response-stream" -> "SageMakerRuntime.InvokeEndpointWithResponseStream";
            default -> "SageMakerRuntime";
        };
    }

    @Override
    public String resource(Call call) {
        return part(call, 1);
    }

    @Override
    public Reply answer(Call call, String requestId) {
        if (!operation(call).endsWith(".InvokeEndpoint") || !call.method().equals("POST")) {
            throw new Refusal(new WireError(
                    404,
                    "UnknownOperationException",
                    "The engine has no operation %s %s; of SageMaker Runtime it has InvokeEndpoint."
                            .formatted(call.method(), call.path())));
        }
        if (call.body().length > LIMIT) {
            throw new Refusal(new WireError(
                    413, "RequestEntityTooLargeException", "The body is longer than %d bytes.".formatted(LIMIT)));
        }
        for (var feature : List.of("target-model", "target-container-hostname", "inference-component", "session-id")) {
            if (!call.header("x-amzn-sagemaker-" + feature).isEmpty()) {
                throw validation("X-Amzn-SageMaker-%s is not offered by this engine.".formatted(feature));
            }
        }
        return invoke(call, part(call, 1));
    }

    @Override
    public Reply error(WireError error, String requestId) {
        return rendered(
                error.status(), error.code(), SdkCodec.JSON.createObjectNode().put("Message", error.message()));
    }

    private Reply invoke(Call call, String name) {
        var endpoint = endpoints
                .find(name)
                .filter(one -> INVOKABLE.contains(one.endpointStatus()))
                .orElseThrow(() -> validation("Endpoint %s of account %s not found.".formatted(name, account.id())));
        var variant = variant(endpoint, call.header("x-amzn-sagemaker-target-variant"));
        var began = System.nanoTime();
        var served = fleets.of(name)
                .flatMap(fleet -> fleet.server(variant))
                .map(server -> server.invoke(call.body(), headers(call), PATIENCE))
                .orElseGet(() -> ModelAnswer.none("The process that serves the model is not there."));
        metrics.add(clock.instant(), name, variant, Duration.ofNanos(System.nanoTime() - began));
        if (!served.isSuccess()) {
            return modelError(name, served);
        }
        var headers = new LinkedHashMap<String, String>();
        headers.put("x-Amzn-Invoked-Production-Variant", variant);
        return new Reply(200, served.type(), SdkBytes.fromByteArrayUnsafe(served.body()), headers, "OK");
    }

    /** The variant asked for, else one by the weights. */
    private static String variant(DescribeEndpointResponse endpoint, String target) {
        var variants = endpoint.productionVariants();
        if (!target.isEmpty()) {
            return variants.stream()
                    .map(ProductionVariantSummary::variantName)
                    .filter(target::equals)
                    .findFirst()
                    .orElseThrow(() -> validation(
                            "Variant %s not found for endpoint %s.".formatted(target, endpoint.endpointName())));
        }
        var total = variants.stream()
                .mapToDouble(ProductionVariantSummary::currentWeight)
                .sum();
        var drawn = ThreadLocalRandom.current().nextDouble() * total;
        for (var variant : variants) {
            drawn -= variant.currentWeight();
            if (drawn < 0) {
                return variant.variantName();
            }
        }
        return variants.get(variants.size() - 1).variantName();
    }

    private static Map<String, String> headers(Call call) {
        var headers = new LinkedHashMap<String, String>();
        for (var name : FORWARDED) {
            Optional.of(call.header(name))
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> headers.put(name, value));
        }
        return headers;
    }

    private Reply modelError(String endpoint, ModelAnswer served) {
        var group = "/aws/sagemaker/Endpoints/" + endpoint;
        var message = ("Received %s error (%d) from primary with message \"%s\". See"
                        + " https://%s.console.aws.amazon.com/cloudwatch/home?region=%s#logEventViewer:group=%s in account"
                        + " %s for more information.")
                .formatted(
                        served.status() / 100 == 4 ? "client" : "server",
                        served.status(),
                        served.text(),
                        account.region(),
                        account.region(),
                        group,
                        account.id());
        return rendered(
                424,
                "ModelError",
                SdkCodec.JSON
                        .createObjectNode()
                        .put(
                                "ErrorCode",
                                served.status() / 100 == 4 ? "CLIENT_ERROR_FROM_MODEL" : "SERVER_ERROR_FROM_MODEL")
                        .put("LogStreamArn", account.arns("logs") + "log-group:" + group)
                        .put("Message", message)
                        .put("OriginalMessage", served.text())
                        .put("OriginalStatusCode", served.status()));
    }

    private static Reply rendered(int status, String code, ObjectNode body) {
        return new Reply(
                status,
                "application/json",
                SdkBytes.fromUtf8String(body.toString()),
                Map.of("x-amzn-ErrorType", code),
                code);
    }

    private static Refusal validation(String message) {
        return new Refusal(new WireError(400, "ValidationError", message));
    }

    private static String part(Call call, int group) {
        var path = PATH.matcher(call.path());
        return path.matches() ? path.group(group) : "";
    }
}
