package dev.bursar.engine;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/** CloudWatch Logs over the logs of the children: the group of the training jobs, a stream per host. */
final class LogEvents {

    static final String GROUP = "/aws/sagemaker/TrainingJobs";

    private static final int LINES = 10_000;
    private static final int BYTES = 1024 * 1024;
    private static final int STREAMS = 50;

    private final Jobs jobs;
    private final String arnPrefix;

    /** A stream by its CloudWatch name. */
    private record Named(String name, Workspace workspace, Instant start) {}

    LogEvents(Jobs jobs, EngineSettings settings) {
        this.jobs = jobs;
        this.arnPrefix =
                "arn:aws:logs:%s:%s:log-group:%s:log-stream:".formatted(settings.region(), settings.accountId(), GROUP);
    }

    /** A line as the log pipeline shows it: it writes control characters as octal numbers. */
    static String shown(String line) {
        return line.replace("\t", "#011").replace("\r", "#015");
    }

    DescribeLogStreamsResponse describe(DescribeLogStreamsRequest request) {
        requireGroup(request.logGroupName(), request.logGroupIdentifier());
        var prefix = Optional.ofNullable(request.logStreamNamePrefix()).orElse("");
        var limit = Optional.ofNullable(request.limit()).orElse(STREAMS);
        var after = Optional.ofNullable(request.nextToken()).orElse("");
        var order = Comparator.comparing(Named::name);
        var streams = jobs.all().stream()
                .flatMap(this::streams)
                .filter(stream -> stream.name().startsWith(prefix))
                .sorted(Boolean.TRUE.equals(request.descending()) ? order.reversed() : order)
                .dropWhile(stream -> !after.isEmpty() && !isBeyond(stream.name(), after, request.descending()))
                .limit(limit + 1L)
                .toList();
        var page = streams.subList(0, Math.min(limit, streams.size()));
        return DescribeLogStreamsResponse.builder()
                .logStreams(page.stream().map(this::describe).toList())
                .nextToken(streams.size() > limit ? page.get(page.size() - 1).name() : null)
                .build();
    }

    GetLogEventsResponse get(GetLogEventsRequest request) {
        requireGroup(request.logGroupName(), request.logGroupIdentifier());
        var stream = jobs.all().stream()
                .flatMap(this::streams)
                .filter(one -> one.name().equals(request.logStreamName()))
                .map(one -> new LogStream(one.workspace()))
                .findFirst()
                .orElseThrow(() -> notFound("The specified log stream does not exist."));
        var limit = Math.min(LINES, Optional.ofNullable(request.limit()).orElse(LINES));
        var position = LogPosition.of(request, stream.end());
        var lines = position.forward()
                ? stream.after(position.offset(), limit, BYTES)
                : stream.before(position.offset(), limit, BYTES);
        var first = lines.isEmpty() ? position.offset() : lines.get(0).from();
        var last = lines.isEmpty()
                ? position.offset()
                : lines.get(lines.size() - 1).to();
        return GetLogEventsResponse.builder()
                .events(lines.stream()
                        .filter(line -> isWithin(line.time(), request))
                        .map(LogEvents::event)
                        .toList())
                .nextForwardToken("f/" + last)
                .nextBackwardToken("b/" + first)
                .build();
    }

    private static boolean isBeyond(String name, String after, @Nullable Boolean descending) {
        return Boolean.TRUE.equals(descending) ? name.compareTo(after) < 0 : name.compareTo(after) > 0;
    }

    private static boolean isWithin(Instant time, GetLogEventsRequest request) {
        return (request.startTime() == null || time.toEpochMilli() >= request.startTime())
                && (request.endTime() == null || time.toEpochMilli() < request.endTime());
    }

    private static OutputLogEvent event(LogStream.Line line) {
        return OutputLogEvent.builder()
                .timestamp(line.time().toEpochMilli())
                .ingestionTime(line.time().toEpochMilli())
                .message(shown(line.text()))
                .build();
    }

    private Stream<Named> streams(DescribeTrainingJobResponse job) {
        if (job.trainingStartTime() == null || job.resourceConfig() == null) {
            return Stream.empty();
        }
        return IntStream.rangeClosed(
                        1,
                        Optional.ofNullable(job.resourceConfig().instanceCount())
                                .orElse(1))
                .mapToObj(number -> "algo-" + number)
                .map(host -> new Named(
                        "%s/%s-%d"
                                .formatted(
                                        job.trainingJobName(),
                                        host,
                                        job.trainingStartTime().getEpochSecond()),
                        new Workspace(jobs.folder(job.trainingJobName())
                                .resolve("hosts")
                                .resolve(host)),
                        job.trainingStartTime()))
                .filter(stream -> stream.workspace().log().toFile().exists());
    }

    private software.amazon.awssdk.services.cloudwatchlogs.model.LogStream describe(Named named) {
        var stream = new LogStream(named.workspace());
        var first = stream.after(0, 1, BYTES);
        var last = stream.before(Long.MAX_VALUE, 1, BYTES);
        return software.amazon.awssdk.services.cloudwatchlogs.model.LogStream.builder()
                .logStreamName(named.name())
                .arn(arnPrefix + named.name())
                .creationTime(named.start().toEpochMilli())
                .firstEventTimestamp(millis(first))
                .lastEventTimestamp(millis(last))
                .lastIngestionTime(millis(last))
                .build();
    }

    private static @Nullable Long millis(List<LogStream.Line> lines) {
        return lines.isEmpty() ? null : lines.get(0).time().toEpochMilli();
    }

    private static void requireGroup(@Nullable String name, @Nullable String identifier) {
        if (!GROUP.equals(name) && (identifier == null || !identifier.endsWith(GROUP))) {
            throw notFound("The specified log group does not exist.");
        }
    }

    private static Refusal notFound(String message) {
        return new Refusal(new WireError(400, "ResourceNotFoundException", message));
    }
}
