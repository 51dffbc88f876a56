// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.cloudwatch;

import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.store.Estate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;

/** Which log groups there are, and the streams of each. */
public final class LogGroups {

    private static final String JOBS = "/aws/sagemaker/";
    private static final String ENDPOINTS = JOBS + "Endpoints/";

    private final Estate estate;

    private final Map<String, Supplier<Stream<Named>>> ofJobs = new LinkedHashMap<>();

    /** A stream by its CloudWatch name. */
    record Named(String name, Workspace workspace, Instant start) {}

    public LogGroups(Estate estate) {
        this.estate = estate;
        ofJobs.put(
                JOBS + "TrainingJobs",
                () -> estate.training().all().stream()
                        .flatMap(job -> hosts(
                                job.trainingJobName(),
                                estate.training().folder(job.trainingJobName()),
                                job.trainingStartTime())));
        ofJobs.put(
                JOBS + "ProcessingJobs",
                () -> estate.processing().all().stream()
                        .flatMap(job -> hosts(
                                job.processingJobName(),
                                estate.processing().folder(job.processingJobName()),
                                job.processingStartTime())));
        ofJobs.put(
                JOBS + "TransformJobs",
                () -> estate.transform().all().stream()
                        .flatMap(job -> hosts(
                                job.transformJobName(),
                                estate.transform().folder(job.transformJobName()),
                                job.transformStartTime())));
    }

    boolean has(String group) {
        return ofJobs.containsKey(group) || endpoint(group).isPresent();
    }

    Stream<Named> streams(String group) {
        var streams = ofJobs.get(group);
        return streams == null ? endpoint(group).stream().flatMap(this::variants) : streams.get();
    }

    private Optional<DescribeEndpointResponse> endpoint(String group) {
        return group.startsWith(ENDPOINTS)
                ? estate.endpoints().find(group.substring(ENDPOINTS.length()))
                : Optional.empty();
    }

    /** {@code {variant}/{instance}}, where an instance is what one deployment started. */
    private Stream<Named> variants(DescribeEndpointResponse endpoint) {
        return below(estate.endpoints().folder(endpoint.endpointName()).resolve("fleets"))
                .flatMap(fleet -> below(fleet)
                        .map(Workspace::new)
                        .filter(workspace -> Files.exists(workspace.log()))
                        .map(workspace -> new Named(
                                "%s/i-%s".formatted(workspace.host(), fleet.getFileName()),
                                workspace,
                                endpoint.creationTime())));
    }

    /** {@code {job}/{host}-{epoch}}. */
    private static Stream<Named> hosts(String job, Path folder, @Nullable Instant start) {
        return start == null
                ? Stream.empty()
                : below(folder.resolve("hosts"))
                        .map(Workspace::new)
                        .filter(workspace -> Files.exists(workspace.log()))
                        .map(workspace -> new Named(
                                "%s/%s-%d".formatted(job, workspace.host(), start.getEpochSecond()), workspace, start));
    }

    private static Stream<Path> below(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (var children = Files.list(folder)) {
            return children.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
