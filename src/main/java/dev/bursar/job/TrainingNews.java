package dev.bursar.job;

import dev.bursar.aws.AwsAccount;
import dev.bursar.aws.AwsClients;
import dev.bursar.workload.Driver.Change;
import dev.bursar.workload.State;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sagemaker.model.Filter;
import software.amazon.awssdk.services.sagemaker.model.Operator;
import software.amazon.awssdk.services.sagemaker.model.ResourceType;
import software.amazon.awssdk.services.sagemaker.model.SearchRequest;
import software.amazon.awssdk.services.sagemaker.model.SearchResponse;
import software.amazon.awssdk.services.sagemaker.model.SearchSortOrder;
import software.amazon.awssdk.services.sagemaker.model.TrainingJob;

/**
 * What SageMaker says has changed among our trainings. Search alone sorts by the time of change; a list is cut into pages
 * by the time of creation, so that what changed may be on any of them (rule C2).
 */
@Component
class TrainingNews {

    private static final int PAGE = 100;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private final AwsClients clients;

    TrainingNews(AwsClients clients) {
        this.clients = clients;
    }

    /** Each page is a call, made when it is come to. */
    Iterable<List<Change>> since(AwsAccount account, String prefix, Instant since) {
        return () -> clients.sageMaker(account).searchPaginator(request(prefix, since)).stream()
                .map(page -> changes(page, prefix))
                .iterator();
    }

    private static SearchRequest request(String prefix, Instant since) {
        return SearchRequest.builder()
                .resource(ResourceType.TRAINING_JOB)
                .searchExpression(expression -> expression.filters(
                        filter("LastModifiedTime", Operator.GREATER_THAN_OR_EQUAL_TO, TIME.format(since)),
                        filter("TrainingJobName", Operator.CONTAINS, prefix)))
                .sortBy("LastModifiedTime")
                .sortOrder(SearchSortOrder.ASCENDING)
                .maxResults(PAGE)
                .build();
    }

    private static Filter filter(String name, Operator operator, String value) {
        return Filter.builder().name(name).operator(operator).value(value).build();
    }

    private static List<Change> changes(SearchResponse page, String prefix) {
        return page.results().stream()
                .map(result -> result.trainingJob())
                .filter(job -> job != null && job.trainingJobName().startsWith(prefix))
                .map(job -> new Change(job.trainingJobName(), state(job), job.lastModifiedTime()))
                .toList();
    }

    private static State state(TrainingJob job) {
        return TrainingObservation.state(job.trainingJobStatus());
    }
}
