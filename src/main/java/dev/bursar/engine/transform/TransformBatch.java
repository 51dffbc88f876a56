// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.model.ModelAnswer;
import dev.bursar.engine.model.ModelServer;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.s3.Channels;
import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.wire.SdkCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.AssemblyType;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ModelClientConfig;
import software.amazon.awssdk.services.sagemaker.model.S3DataSource;
import software.amazon.awssdk.services.sagemaker.model.SplitType;

/**
 * The objects of a transform job: cut into requests, sent, put together again. As many objects are in hand, and as many
 * requests under way, as the limits allow; each object's results keep the order of its requests.
 */
final class TransformBatch {

    private static final int MB = 1024 * 1024;

    private final DescribeTransformJobResponse job;
    private final BatchLimits limits;
    private final ModelServer server;
    private final RunParts parts;
    private final Map<String, Path> results = new LinkedHashMap<>();

    /** One object could not be transformed; the others can. */
    private static final class ObjectFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ObjectFailure(String message) {
            super(message, null, false, false);
        }
    }

    TransformBatch(DescribeTransformJobResponse job, ModelServer server, RunParts parts) {
        this.job = job;
        this.limits = BatchLimits.of(job, server.executionParameters());
        this.server = server;
        this.parts = parts;
    }

    /** Transforms every object; why the job has failed, if one has. */
    Optional<String> run(Runnable attend) throws IOException {
        var folder = folder();
        Durable.delete(folder);
        Files.createDirectories(folder);
        var items = new Channels(parts.store())
                .items(SdkCodec.copy(job.transformInput().dataSource().s3DataSource(), S3DataSource.builder())
                        .build());
        var failures = new ArrayList<String>();
        try (var objects = new Lanes(limits.concurrent());
                var requests = new Lanes(limits.concurrent())) {
            var files = items.stream()
                    .map(item -> objects.submit(() -> transform(item.object(), folder, requests)))
                    .toList();
            for (int index = 0; index < files.size(); index++) {
                try {
                    results.put(items.get(index).name() + ".out", Lanes.await(files.get(index), attend));
                } catch (ObjectFailure failure) {
                    failures.add(items.get(index).object() + ": " + failure.getMessage());
                }
            }
        }
        return failures.isEmpty()
                ? Optional.empty()
                : Optional.of("ClientError: %d of %d objects failed; the first: %s"
                        .formatted(failures.size(), items.size(), failures.get(0)));
    }

    /** Stores what has succeeded. */
    void store() {
        var target = S3Location.parse(job.transformOutput().s3OutputPath()).orElseThrow();
        results.forEach((name, file) -> parts.store().upload(file, target.child(name)));
        Durable.delete(folder());
    }

    private Path folder() {
        return parts.estate().transform().folder(job.transformJobName()).resolve("results");
    }

    /** The file with the results of one object. */
    private Path transform(S3Location object, Path folder, Lanes lanes) {
        try {
            var input = Files.createTempFile(folder, "in-", "");
            Files.delete(input);
            parts.store().download(object, input);
            var result = Files.createTempFile(folder, "out-", "");
            Files.write(result, transform(Files.readAllBytes(input), lanes));
            Files.delete(input);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] transform(byte[] object, Lanes lanes) {
        var answers = requests(object).stream()
                .map(request -> lanes.submit(() -> send(request)))
                .toList();
        var out = new ByteArrayOutputStream();
        try {
            for (var future : answers) {
                var answer = Lanes.await(future, () -> {});
                out.writeBytes(answer.body());
                if (job.transformOutput().assembleWith() == AssemblyType.LINE
                        && !answer.text().endsWith("\n")) {
                    out.write('\n');
                }
            }
        } finally {
            answers.forEach(answer -> answer.cancel(true));
        }
        return out.toByteArray();
    }

    /** The whole object, single lines, or as many lines as fit. */
    private List<byte[]> requests(byte[] object) {
        var limit = limits.payload() == 0 ? Integer.MAX_VALUE : limits.payload() * MB;
        if (job.transformInput().splitType() != SplitType.LINE) {
            return List.of(fitting(object, limit));
        }
        var requests = new ArrayList<byte[]>();
        var open = new ByteArrayOutputStream();
        for (var line : new String(object, StandardCharsets.UTF_8).split("(?<=\n)", -1)) {
            var record = fitting(line.getBytes(StandardCharsets.UTF_8), limit);
            if (record.length == 0) {
                continue;
            }
            if (open.size() > 0 && (limits.isSingle() || open.size() + record.length > limit)) {
                requests.add(open.toByteArray());
                open.reset();
            }
            open.writeBytes(record);
        }
        if (open.size() > 0) {
            requests.add(open.toByteArray());
        }
        return requests;
    }

    private byte[] fitting(byte[] content, int limit) {
        if (content.length > limit) {
            throw new ObjectFailure("%d bytes are more than MaxPayloadInMB=%d allows; use SplitType Line"
                    .formatted(content.length, limits.payload()));
        }
        return content;
    }

    private ModelAnswer send(byte[] body) {
        var client = Optional.ofNullable(job.modelClientConfig())
                .orElseGet(() -> ModelClientConfig.builder().build());
        var patience = Duration.ofSeconds(
                Optional.ofNullable(client.invocationsTimeoutInSeconds()).orElse(600));
        var retries = Optional.ofNullable(client.invocationsMaxRetries()).orElse(3);
        var headers = new LinkedHashMap<String, String>();
        Optional.ofNullable(job.transformInput().contentType()).ifPresent(type -> headers.put("Content-Type", type));
        Optional.ofNullable(job.transformOutput().accept()).ifPresent(type -> headers.put("Accept", type));
        var served = server.invoke(body, headers, patience);
        for (int attempt = 0; attempt < retries && mayRepeat(served); attempt++) {
            served = server.invoke(body, headers, patience);
        }
        if (!served.isSuccess()) {
            throw new ObjectFailure("%d: %s".formatted(served.status(), served.text()));
        }
        return served;
    }

    private static boolean mayRepeat(ModelAnswer served) {
        return (served.status() == 0 || served.status() / 100 == 5)
                && !Thread.currentThread().isInterrupted();
    }
}
