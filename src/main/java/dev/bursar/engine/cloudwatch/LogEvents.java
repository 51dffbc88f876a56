// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.cloudwatch;

import dev.bursar.engine.machine.LogStream;
import dev.bursar.engine.wire.Account;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.WireError;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/** CloudWatch Logs over the logs of the children: a group per kind of job and per endpoint, a stream per host. */
public final class LogEvents {

    public static final String GROUP = "/aws/sagemaker/TrainingJobs";

    private static final int LINES = 10_000;
    private static final int BYTES = 1024 * 1024;
    private static final int STREAMS = 50;

    private final LogGroups groups;
    private final String arnPrefix;

    public LogEvents(LogGroups groups, Account account) {
        this.groups = groups;
        this.arnPrefix = account.arns("logs") + "log-group:";
    }

    public void register(Operations operations) {
        operations
                .on(
                        "Logs_20140328.DescribeLogStreams",
                        DescribeLogStreamsRequest::builder,
                        request -> describe(request.build()))
                .on("Logs_20140328.GetLogEvents", GetLogEventsRequest::builder, request -> get(request.build()));
    }

    DescribeLogStreamsResponse describe(DescribeLogStreamsRequest request) {
        var group = group(request.logGroupName(), request.logGroupIdentifier());
        var prefix = Optional.ofNullable(request.logStreamNamePrefix()).orElse("");
        var limit = Optional.ofNullable(request.limit()).orElse(STREAMS);
        var after = Optional.ofNullable(request.nextToken()).orElse("");
        var order = Comparator.comparing(LogGroups.Named::name);
        var streams = groups.streams(group)
                .filter(stream -> stream.name().startsWith(prefix))
                .sorted(Boolean.TRUE.equals(request.descending()) ? order.reversed() : order)
                .dropWhile(stream -> !after.isEmpty() && !isBeyond(stream.name(), after, request.descending()))
                .limit(limit + 1L)
                .toList();
        var page = streams.subList(0, Math.min(limit, streams.size()));
        return DescribeLogStreamsResponse.builder()
                .logStreams(page.stream().map(one -> describe(group, one)).toList())
                .nextToken(streams.size() > limit ? page.get(page.size() - 1).name() : null)
                .build();
    }

    GetLogEventsResponse get(GetLogEventsRequest request) {
        var stream = groups.streams(group(request.logGroupName(), request.logGroupIdentifier()))
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
                .message(LogStream.shown(line.text()))
                .build();
    }

    private software.amazon.awssdk.services.cloudwatchlogs.model.LogStream describe(
            String group, LogGroups.Named named) {
        var stream = new LogStream(named.workspace());
        var first = stream.after(0, 1, BYTES);
        var last = stream.before(Long.MAX_VALUE, 1, BYTES);
        return software.amazon.awssdk.services.cloudwatchlogs.model.LogStream.builder()
                .logStreamName(named.name())
                .arn(arnPrefix + group + ":log-stream:" + named.name())
                .creationTime(named.start().toEpochMilli())
                .firstEventTimestamp(millis(first))
                .lastEventTimestamp(millis(last))
                .lastIngestionTime(millis(last))
                .build();
    }

    private static @Nullable Long millis(List<LogStream.Line> lines) {
        return lines.isEmpty() ? null : lines.get(0).time().toEpochMilli();
    }

    private String group(@Nullable String name, @Nullable String identifier) {
        var group = name != null ? name : String.valueOf(identifier).replaceFirst(".*:log-group:", "");
        if (!groups.has(group)) {
            throw notFound("The specified log group does not exist.");
        }
        return group;
    }

    private static Refusal notFound(String message) {
        return new Refusal(new WireError(400, "ResourceNotFoundException", message));
    }
}
