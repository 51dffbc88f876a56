package dev.bursar.engine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ListTrainingJobsRequest;
import software.amazon.awssdk.services.sagemaker.model.ListTrainingJobsResponse;
import software.amazon.awssdk.services.sagemaker.model.SortBy;
import software.amazon.awssdk.services.sagemaker.model.SortOrder;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobSummary;

/**
 * ListTrainingJobs with SageMaker's quirk: the page is cut first and filtered afterwards, so that it may be empty while
 * a token says there is more. A token names the last job looked at, by its sort key, so jobs that come in between
 * neither repeat nor hide others.
 */
final class TrainingJobList {

    private static final int PAGE = 10;

    private final Jobs jobs;

    /** What a job is sorted by: the text of the member asked for, then its name. */
    private record Key(String value, String name) {

        static final Comparator<Key> ORDER = Comparator.comparing(Key::value).thenComparing(Key::name);

        static Key of(DescribeTrainingJobResponse job, SortBy by) {
            var name = job.trainingJobName();
            return switch (by) {
                case NAME -> new Key(name, name);
                case STATUS -> new Key(job.trainingJobStatusAsString(), name);
                default -> new Key("%016d".formatted(job.creationTime().toEpochMilli()), name);
            };
        }

        static Key fromToken(String token) {
            try {
                var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                var parts = text.split("\n", 2);
                if (parts.length == 2) {
                    return new Key(parts[0], parts[1]);
                }
            } catch (IllegalArgumentException e) {
                throw Refusal.validation("Invalid NextToken: " + e.getMessage());
            }
            throw Refusal.validation("Invalid NextToken.");
        }

        String toToken() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((value + "\n" + name).getBytes(StandardCharsets.UTF_8));
        }
    }

    TrainingJobList(Jobs jobs) {
        this.jobs = jobs;
    }

    ListTrainingJobsResponse list(ListTrainingJobsRequest request) {
        var by = Optional.ofNullable(request.sortBy()).orElse(SortBy.CREATION_TIME);
        var order = request.sortOrder() == SortOrder.ASCENDING ? Key.ORDER : Key.ORDER.reversed();
        var after = Optional.ofNullable(request.nextToken()).map(Key::fromToken);
        var limit = Optional.ofNullable(request.maxResults()).orElse(PAGE);
        var rest = jobs.all().stream()
                .filter(job -> after.isEmpty() || order.compare(Key.of(job, by), after.get()) > 0)
                .sorted(Comparator.comparing(job -> Key.of(job, by), order))
                .limit(limit + 1L)
                .toList();
        var page = rest.subList(0, Math.min(limit, rest.size()));
        return ListTrainingJobsResponse.builder()
                .trainingJobSummaries(page.stream()
                        .filter(job -> isWanted(job, request))
                        .map(job ->
                                SdkCodec.copy(job, TrainingJobSummary.builder()).build())
                        .toList())
                .nextToken(rest.size() > limit ? lastKey(page, by).toToken() : null)
                .build();
    }

    private static Key lastKey(List<DescribeTrainingJobResponse> page, SortBy by) {
        return Key.of(page.get(page.size() - 1), by);
    }

    private static boolean isWanted(DescribeTrainingJobResponse job, ListTrainingJobsRequest request) {
        return isBetween(job.creationTime(), request.creationTimeAfter(), request.creationTimeBefore())
                && isBetween(job.lastModifiedTime(), request.lastModifiedTimeAfter(), request.lastModifiedTimeBefore())
                && (request.nameContains() == null || job.trainingJobName().contains(request.nameContains()))
                && (request.statusEquals() == null || job.trainingJobStatus() == request.statusEquals())
                && request.warmPoolStatusEquals() == null
                && request.trainingPlanArnEquals() == null;
    }

    private static boolean isBetween(Instant time, @Nullable Instant after, @Nullable Instant before) {
        return (after == null || time.isAfter(after)) && (before == null || time.isBefore(before));
    }
}
