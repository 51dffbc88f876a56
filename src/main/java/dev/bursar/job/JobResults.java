package dev.bursar.job;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.AwsClients;
import dev.bursar.core.StorableText;
import dev.bursar.workload.WorkloadView;
import dev.bursar.workload.WorkloadViews;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** What a job has left behind: its log, and its files. */
@Component
class JobResults {

    private static final String GROUP = "/aws/sagemaker/TrainingJobs";
    private static final int LONGEST_LINE = 1 << 16;
    private static final int LONGEST_KEY = 1_024;

    private final AwsClients clients;
    private final AwsAccounts accounts;
    private final WorkloadViews views;

    JobResults(AwsClients clients, AwsAccounts accounts, WorkloadViews views) {
        this.clients = clients;
        this.accounts = accounts;
        this.views = views;
    }

    /** One line of a log. */
    record LogLine(
            @Schema(description = "UTC") Instant at,

            @Schema(description = "which of its instances", example = "algo-1")
            String host,

            @Schema(example = "[0]\ttrain-auc:0.98412\tvalidation-auc:0.97311")
            String message) {

        LogLine {
            message = StorableText.of(message, LONGEST_LINE);
        }
    }

    /** The last lines of every instance, oldest first. */
    List<LogLine> tail(WorkloadView job, int lines) {
        var name = job.sageMakerName();
        if (name == null) {
            return List.of();
        }
        var logs = clients.logs(accounts.of(views.awsAccount(job)));
        var all = new ArrayList<LogLine>();
        try {
            var streams = logs.describeLogStreams(
                    describe -> describe.logGroupName(GROUP).logStreamNamePrefix(name + "/"));
            for (var stream : streams.logStreams()) {
                var host = host(stream.logStreamName());
                logs.getLogEvents(get -> get.logGroupName(GROUP)
                                .logStreamName(stream.logStreamName())
                                .limit(lines)
                                .startFromHead(false))
                        .events()
                        .forEach(event ->
                                all.add(new LogLine(Instant.ofEpochMilli(event.timestamp()), host, event.message())));
            }
        } catch (ResourceNotFoundException e) {
            return List.of();
        }
        all.sort(Comparator.comparing(LogLine::at));
        return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    /** A file that a job has left. */
    record Artifact(
            @Schema(example = "model.tar.gz") String name,

            @Schema(example = "s3://bursar-x4k2p9/labs/chem/results/…/output/model.tar.gz")
            String s3Uri,

            @Schema(description = "bytes", example = "18342")
            long size,

            @Schema(description = "where it can be downloaded")
            String href) {

        Artifact {
            name = StorableText.of(name, LONGEST_KEY);
            s3Uri = StorableText.of(s3Uri, 2 * LONGEST_KEY);
        }
    }

    List<Artifact> artifacts(WorkloadView job) {
        return folder(job)
                .map(folder -> clients
                        .s3(folder.account())
                        .listObjectsV2(list -> list.bucket(folder.bucket())
                                .prefix(folder.key())
                                .maxKeys(1000))
                        .contents()
                        .stream()
                        .map(object -> {
                            var name = object.key().substring(folder.key().length());
                            return new Artifact(
                                    name,
                                    folder.account().uri(object.key()),
                                    object.size(),
                                    JobController.ADDRESS + "/" + job.id() + "/artifacts/"
                                            + UriUtils.encodePathSegment(name, StandardCharsets.UTF_8));
                        })
                        .toList())
                .orElse(List.of());
    }

    /** The bytes of one artifact; empty when none of this name is listed, whatever S3 would make of the name. */
    Optional<ResponseInputStream<GetObjectResponse>> open(WorkloadView job, String name) {
        if (artifacts(job).stream().noneMatch(artifact -> artifact.name().equals(name))) {
            return Optional.empty();
        }
        return folder(job).flatMap(folder -> {
            try {
                return Optional.of(clients.s3(folder.account())
                        .getObject(get -> get.bucket(folder.bucket()).key(folder.key() + name)));
            } catch (NoSuchKeyException e) {
                return Optional.empty();
            }
        });
    }

    private record Folder(dev.bursar.aws.AwsAccount account, String key) {

        String bucket() {
            return account.bucket();
        }
    }

    /** SageMaker puts results below {@code {output path}/{job name}/output/}. */
    private Optional<Folder> folder(WorkloadView job) {
        return Optional.ofNullable(artefact(job)).map(uri -> {
            var account = accounts.of(views.awsAccount(job));
            var key = uri.substring(account.uri("").length());
            return new Folder(account, key.substring(0, key.lastIndexOf('/') + 1));
        });
    }

    private static @Nullable String artefact(WorkloadView job) {
        return job.outcome() == null ? null : job.outcome().artefact();
    }

    private static String host(String stream) {
        var parts = Objects.requireNonNull(stream).substring(stream.lastIndexOf('/') + 1);
        return parts.substring(0, Math.max(parts.lastIndexOf('-'), 0));
    }
}
