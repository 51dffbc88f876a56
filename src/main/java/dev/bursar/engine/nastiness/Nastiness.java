// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ObjectNode;

/**
 * How nasty the engine is to be: all zeros, it is not.
 *
 * @param seed what chance begins with; the same seed and the same calls meet the same fates
 * @param calls what happens to calls, whatever they ask for
 * @param jobs what happens to jobs
 * @param lags what is seen later than it happens
 * @param endpoints what happens to endpoints
 */
public record Nastiness(long seed, Calls calls, Jobs jobs, Lags lags, Hosting endpoints) {

    static final Nastiness OFF = new Nastiness(
            1,
            new Calls(List.of(), 0, Map.of(), 0, 0, 0, 0),
            new Jobs(Map.of(), 0, 0, 0, 0, 0),
            new Lags(0, 0, 0, 0, 0),
            new Hosting(List.of(), 0, 0));

    private static final ObjectReader READER =
            SdkCodec.JSON.readerFor(Nastiness.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * Rates are shares of the calls, from 0 to 1; at most one of these happens to a call.
     *
     * @param operations to which the rates apply, without the service's name; none means all
     * @param throttlingRate refused as too many
     * @param perSecond how many calls of an operation are answered within a second; {@code *} stands for any other
     * @param errorBeforeRate answered with 500, nothing done
     * @param errorAfterRate done, then answered with 500
     * @param resetBeforeRate connection closed without an answer, nothing done
     * @param resetAfterRate done, then closed without an answer
     */
    record Calls(
            List<String> operations,
            double throttlingRate,
            Map<String, Integer> perSecond,
            double errorBeforeRate,
            double errorAfterRate,
            double resetBeforeRate,
            double resetAfterRate) {

        Calls {
            operations = List.copyOf(operations);
            perSecond = Map.copyOf(perSecond);
        }

        boolean concern(String operation) {
            return operations.isEmpty() || operations.contains(operation);
        }
    }

    /**
     * Jobs find too little, wait, and end late.
     *
     * @param quotas how many instances may be in use, by the limit's name: {@code ml.m5.large for training job usage}
     * @param capacityErrorRate the share of jobs that find no instances once they have been created
     * @param slowStartSeconds how much longer a job waits for its instances
     * @param lateStopSeconds how long a job runs on after its MaxRuntime
     * @param uploadStallSeconds how long a job hangs before it uploads
     * @param billedLateSeconds how long after a training job's end its times are not told
     */
    public record Jobs(
            Map<String, Integer> quotas,
            double capacityErrorRate,
            int slowStartSeconds,
            int lateStopSeconds,
            int uploadStallSeconds,
            int billedLateSeconds) {

        public Jobs {
            quotas = Map.copyOf(quotas);
        }
    }

    /**
     * @param tagsSeconds how long a new tag is not listed
     * @param describeSeconds how long a new resource is not found by Describe
     * @param configSeconds how long a new endpoint configuration is not found by who wants to use it
     * @param trialListSeconds how long a new trial is missing in the list of its tuning job's
     * @param searchSeconds how long a new resource is not found by Search
     */
    record Lags(int tagsSeconds, int describeSeconds, int configSeconds, int trialListSeconds, int searchSeconds) {}

    /**
     * Endpoints are busy with themselves, or do not come up.
     *
     * @param systemUpdating names of endpoints that show SystemUpdating when they are in service
     * @param creatingFailsAfterSeconds when a new endpoint fails instead of coming up; 0 lets it come up
     * @param rollsBackAfterSeconds when an update goes back without a word; 0 lets it succeed
     */
    public record Hosting(List<String> systemUpdating, int creatingFailsAfterSeconds, int rollsBackAfterSeconds) {

        public Hosting {
            systemUpdating = List.copyOf(systemUpdating);
        }
    }

    /** What a file says, or that nothing is to happen. */
    static Nastiness in(Path file) {
        return Files.exists(file) ? of(SdkCodec.JSON.readTree(file)) : OFF;
    }

    /** Refuses members that there are not; what is not given is off. */
    static Nastiness of(JsonNode given) {
        ObjectNode whole = OFF.toJson();
        given.properties().forEach(member -> {
            if (whole.get(member.getKey()) instanceof ObjectNode part && member.getValue() instanceof ObjectNode more) {
                part.setAll(more);
            } else {
                whole.set(member.getKey(), member.getValue());
            }
        });
        try {
            return READER.readValue(whole);
        } catch (UnrecognizedPropertyException e) {
            throw Refusal.validation("This is no nastiness: it has no member %s.".formatted(e.getPropertyName()));
        } catch (DatabindException e) {
            var members = e.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .collect(Collectors.joining("."));
            throw Refusal.validation("This is no nastiness: the member %s is not of its type.".formatted(members));
        } catch (JacksonException e) {
            throw Refusal.validation("This is no nastiness: it cannot be read.");
        }
    }

    ObjectNode toJson() {
        return SdkCodec.JSON.valueToTree(this);
    }
}
