package dev.bursar.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which log groups there are, and the streams of each. */
final class LogGroups {

    private static final String JOBS = "/aws/sagemaker/";

    private final Map<String, Supplier<Stream<LogEvents.Named>>> ofJobs = new LinkedHashMap<>();

    LogGroups(Estate estate) {
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
    }

    boolean has(String group) {
        return ofJobs.containsKey(group);
    }

    Stream<LogEvents.Named> streams(String group) {
        var streams = ofJobs.get(group);
        return streams == null ? Stream.empty() : streams.get();
    }

    /** {@code {job}/{host}-{epoch}}. */
    private static Stream<LogEvents.Named> hosts(String job, Path folder, @Nullable Instant start) {
        return start == null
                ? Stream.empty()
                : below(folder.resolve("hosts"))
                        .map(Workspace::new)
                        .filter(workspace -> Files.exists(workspace.log()))
                        .map(workspace -> new LogEvents.Named(
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
