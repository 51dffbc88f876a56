// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.store.Estate;
import dev.bursar.engine.store.Resources;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients see later than it happens. */
final class Delays {

    private final Estate estate;
    private final Clock clock;
    private final Map<String, Instant> tagged = new ConcurrentHashMap<>();

    Delays(Estate estate, Clock clock) {
        this.estate = estate;
        this.clock = clock;
    }

    /** Refuses a call that is about something not to be seen yet. */
    void before(String operation, JsonNode request, Nastiness.Lags lags) {
        if (operation.startsWith("Describe")) {
            estate.all().stream()
                    .filter(resources ->
                            operation.equals("Describe" + resources.kind().stem()))
                    .forEach(resources -> requireSeen(resources, request, lags.describeSeconds()));
        } else if (operation.equals("CreateEndpoint") || operation.equals("UpdateEndpoint")) {
            requireSeen(estate.configs(), request, lags.configSeconds());
        }
    }

    /** Takes out of an answer what is not to be seen yet. */
    void after(String operation, JsonNode request, ObjectNode answer, Nastiness nastiness) {
        var lags = nastiness.lags();
        switch (operation) {
            case "DescribeTrainingJob" -> hideBill(answer, nastiness.jobs().billedLateSeconds());
            case "ListTags" -> hideTags(request, answer, lags.tagsSeconds());
            case "ListTrainingJobsForHyperParameterTuningJob" ->
                array(answer, "TrainingJobSummaries")
                        .removeIf(trial -> isYoung(trial.path("CreationTime"), lags.trialListSeconds()));
            case "Search" -> hideResults(answer, lags.searchSeconds());
            default -> note(operation, request, answer);
        }
    }

    private <D extends SdkPojo> void requireSeen(Resources<D> resources, JsonNode request, int seconds) {
        var kind = resources.kind();
        var name = request.path(kind.stem() + "Name").asString("");
        resources
                .find(name)
                .filter(one -> isYoung(kind.creationTime(one), seconds))
                .ifPresent(one -> {
                    throw kind.unknown().apply(name);
                });
    }

    private void hideBill(ObjectNode job, int seconds) {
        if (isYoung(job.path("TrainingEndTime"), seconds)) {
            job.remove(List.of("BillableTimeInSeconds", "TrainingTimeInSeconds"));
        }
    }

    private void hideTags(JsonNode request, ObjectNode answer, int seconds) {
        var arn = request.path("ResourceArn").asString("");
        array(answer, "Tags").removeIf(tag -> isYoung(tagged.getOrDefault(key(arn, tag), Instant.EPOCH), seconds));
    }

    private void hideResults(ObjectNode answer, int seconds) {
        var results = array(answer, "Results");
        var found = results.size();
        results.removeIf(
                result -> result.values().stream().anyMatch(one -> isYoung(one.path("CreationTime"), seconds)));
        var hits = answer.path("TotalHits").path("Value").asInt(found);
        answer.putObject("TotalHits")
                .put("Value", hits - found + results.size())
                .put("Relation", "EqualTo");
    }

    /** Remembers since when a tag is there; a tag that came in calmer times is seen at once. */
    private void note(String operation, JsonNode request, ObjectNode answer) {
        if (operation.equals("AddTags")) {
            note(request.path("ResourceArn").asString(""), request);
        } else if (operation.startsWith("Create")) {
            answer.values().forEach(arn -> note(arn.asString(""), request));
        }
    }

    private void note(String arn, JsonNode request) {
        request.path("Tags").forEach(tag -> tagged.put(key(arn, tag), clock.instant()));
    }

    private boolean isYoung(JsonNode time, int seconds) {
        return time.isNumber()
                && isYoung(
                        Instant.ofEpochMilli(
                                time.decimalValue().movePointRight(3).longValue()),
                        seconds);
    }

    private boolean isYoung(Instant time, int seconds) {
        return time.plusSeconds(seconds).isAfter(clock.instant());
    }

    private static String key(String arn, JsonNode tag) {
        return arn + " " + tag.path("Key").asString("");
    }

    private static ArrayNode array(ObjectNode answer, String member) {
        return answer.get(member) instanceof ArrayNode array ? array : answer.arrayNode();
    }
}
