package dev.bursar.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import software.amazon.awssdk.services.sagemaker.model.BatchStrategy;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ModelClientConfig;
import software.amazon.awssdk.services.sagemaker.model.S3DataSource;
import software.amazon.awssdk.services.sagemaker.model.SplitType;

/** The objects of a transform job: cut into requests, sent one after the other, put together again. */
final class TransformBatch {

    private static final int DEFAULT_PAYLOAD = 6;
    private static final int MB = 1024 * 1024;

    private final DescribeTransformJobResponse job;
    private final Server server;
    private final RunParts parts;
    private final Runnable attend;
    private final Map<String, Path> results = new LinkedHashMap<>();

    /** One object could not be transformed; the others can. */
    private static final class ObjectFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ObjectFailure(String message) {
            super(message, null, false, false);
        }
    }

    TransformBatch(DescribeTransformJobResponse job, Server server, RunParts parts, Runnable attend) {
        this.job = job;
        this.server = server;
        this.parts = parts;
        this.attend = attend;
    }

    static boolean isSingle(DescribeTransformJobResponse job) {
        return job.batchStrategy() == BatchStrategy.SINGLE_RECORD;
    }

    /** How many MB a request may have; 0 sets no limit. */
    static int payload(DescribeTransformJobResponse job) {
        return Optional.ofNullable(job.maxPayloadInMB()).orElse(DEFAULT_PAYLOAD);
    }

    /** Transforms every object; why the job has failed, if one has. */
    Optional<String> run() throws IOException {
        var folder = folder();
        Durable.delete(folder);
        Files.createDirectories(folder);
        var failures = new ArrayList<String>();
        var items = new Channels(parts.store())
                .items(SdkCodec.copy(job.transformInput().dataSource().s3DataSource(), S3DataSource.builder())
                        .build());
        for (var item : items) {
            try {
                var input = folder.resolve("in");
                Files.deleteIfExists(input);
                parts.store().download(item.object(), input);
                var result = folder.resolve("out-" + results.size());
                Files.write(result, transform(Files.readAllBytes(input)));
                results.put(item.name() + ".out", result);
            } catch (ObjectFailure failure) {
                failures.add(item.object() + ": " + failure.getMessage());
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

    private byte[] transform(byte[] object) {
        var out = new ByteArrayOutputStream();
        for (var request : requests(object)) {
            attend.run();
            var answer = send(request);
            out.writeBytes(answer.body());
            if (job.transformOutput().assembleWith() == AssemblyType.LINE
                    && !answer.text().endsWith("\n")) {
                out.write('\n');
            }
        }
        return out.toByteArray();
    }

    /** The whole object, single lines, or as many lines as fit. */
    private List<byte[]> requests(byte[] object) {
        var limit = payload(job) == 0 ? Integer.MAX_VALUE : payload(job) * MB;
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
            if (open.size() > 0 && (isSingle(job) || open.size() + record.length > limit)) {
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
                    .formatted(content.length, payload(job)));
        }
        return content;
    }

    private Served send(byte[] body) {
        var client = Optional.ofNullable(job.modelClientConfig())
                .orElseGet(() -> ModelClientConfig.builder().build());
        var patience = Duration.ofSeconds(
                Optional.ofNullable(client.invocationsTimeoutInSeconds()).orElse(600));
        var retries = Optional.ofNullable(client.invocationsMaxRetries()).orElse(3);
        var headers = new LinkedHashMap<String, String>();
        Optional.ofNullable(job.transformInput().contentType()).ifPresent(type -> headers.put("Content-Type", type));
        Optional.ofNullable(job.transformOutput().accept()).ifPresent(type -> headers.put("Accept", type));
        var served = server.invoke(body, headers, patience);
        for (int attempt = 0; attempt < retries && (served.status() == 0 || served.status() / 100 == 5); attempt++) {
            attend.run();
            served = server.invoke(body, headers, patience);
        }
        if (!served.isSuccess()) {
            throw new ObjectFailure("%d: %s".formatted(served.status(), served.text()));
        }
        return served;
    }
}
