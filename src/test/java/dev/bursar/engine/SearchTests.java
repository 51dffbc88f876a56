// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.Filter;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.SearchRequest;
import software.amazon.awssdk.services.sagemaker.model.Tag;

class SearchTests {

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withBounds(3, 512));
        for (var name : List.of("one", "two", "three")) {
            lab.script(
                    name,
                    "x.sh",
                    "echo \"loss=" + name.length() + ";\"; exit " + (name.length() - 3),
                    request -> request.tags(Tag.builder()
                                    .key("team")
                                    .value(name.equals("two") ? "b" : "a")
                                    .build())
                            .environment(Map.of("NAME", name))
                            .algorithmSpecification(algorithm -> algorithm
                                    .trainingImage("any:1")
                                    .trainingInputMode("File")
                                    .metricDefinitions(MetricDefinition.builder()
                                            .name("loss")
                                            .regex("loss=([0-9.]+);")
                                            .build())));
            lab.ended(name);
        }
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void findsByStatusTagMetricAndTimeLatestFirst() {
        assertThat(found(filter("TrainingJobStatus", "Equals", "Completed"))).containsExactly("two", "one");
        assertThat(found(filter("TrainingJobStatus", "Equals", "Failed"))).containsExactly("three");
        assertThat(found(filter("Tags.team", "Equals", "a"))).containsExactly("three", "one");
        assertThat(found(filter("Metrics.loss", "GreaterThan", "4"))).containsExactly("three");
        assertThat(found(filter("TrainingJobName", "Contains", "o"))).containsExactly("two", "one");
        assertThat(found(filter("Environment.NAME", "In", "one, three"))).containsExactly("three", "one");
        assertThat(found(filter("FailureReason", "NotExists", null))).containsExactly("two", "one");
        assertThat(found(filter("CreationTime", "GreaterThan", "2020-01-01T00:00:00")))
                .hasSize(3);
        assertThat(found(filter("CreationTime", "LessThan", "2020-01-01T00:00:00")))
                .isEmpty();
        assertThat(found(filter("Tags.team", "Equals", "a"), filter("TrainingJobStatus", "NotEquals", "Failed")))
                .containsExactly("one");
        assertThat(found(request -> request.searchExpression(expression -> expression
                        .operator("Or")
                        .filters(filter("TrainingJobName", "Equals", "one"), filter("Tags.team", "Equals", "b")))))
                .containsExactly("two", "one");
    }

    @Test
    void pagesAndSortsAsAsked() {
        var names = new ArrayList<String>();
        for (var page : lab.sagemaker.searchPaginator(request -> request.resource("TrainingJob")
                .sortBy("TrainingJobName")
                .sortOrder("Ascending")
                .maxResults(2))) {
            assertThat(page.totalHits().value()).isEqualTo(3);
            page.results().forEach(result -> names.add(result.trainingJob().trainingJobName()));
        }
        assertThat(names).containsExactly("one", "three", "two");
    }

    @Test
    void findsEndpointsAndTuningJobs() {
        lab.endpoint("found", "raise ImportError('x')");
        lab.settled("found");

        var endpoints = lab.sagemaker
                .search(request -> request.resource("Endpoint")
                        .searchExpression(
                                expression -> expression.filters(filter("EndpointStatus", "Equals", "Failed"))))
                .results();
        assertThat(endpoints.get(0).endpoint().endpointName()).isEqualTo("found");
        assertThat(lab.sagemaker
                        .search(request -> request.resource("HyperParameterTuningJob"))
                        .results())
                .isEmpty();
    }

    @Test
    void refusesWhatItDoesNotOfferAndTooMuch() {
        assertThat(lab.refusal(() -> lab.sagemaker.search(request -> request.resource("Pipeline"))))
                .startsWith("ValidationException: Search for the resource Pipeline is not offered by this engine");
        assertThat(lab.refusal(() ->
                        found(filter("TrainingJobName", "Contains", "o"), filter("TrainingJobName", "Contains", "n"))))
                .isEqualTo("ValidationException: 'CONTAINS' operator usage limit of 1 exceeded.");
        assertThat(lab.refusal(() -> lab.sagemaker.search(request -> request.maxResults(1))))
                .isEqualTo("ValidationException: 1 validation error detected: Value null at 'resource' failed to"
                        + " satisfy constraint: Member must not be null");
        assertThat(lab.refusal(() -> found(filter("TrainingJobName", "Likes", "o"))))
                .contains("'searchExpression.filters.1.member.operator' failed to satisfy constraint: Member must"
                        + " satisfy enum value set");
    }

    private static List<String> found(Filter... filters) {
        return found(request -> request.searchExpression(expression -> expression.filters(Arrays.asList(filters))));
    }

    private static List<String> found(Consumer<SearchRequest.Builder> search) {
        return lab
                .sagemaker
                .search(request -> {
                    request.resource("TrainingJob");
                    search.accept(request);
                })
                .results()
                .stream()
                .map(result -> result.trainingJob().trainingJobName())
                .toList();
    }

    private static Filter filter(String name, String operator, @Nullable String value) {
        return Filter.builder().name(name).operator(operator).value(value).build();
    }
}
