// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.tuning;

import dev.bursar.engine.wire.SdkCodec;
import java.util.HashMap;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobStrategyType;

/** Which training jobs a tuning job creates, and how many. */
record TuningPlan(DescribeHyperParameterTuningJobResponse tuning) {

    int count() {
        var count = tuning.hyperParameterTuningJobConfig().resourceLimits().maxNumberOfTrainingJobs();
        return count != null ? count : Math.toIntExact(space().size());
    }

    /** The n-th one, from 0; the same whenever it is asked for. */
    CreateTrainingJobRequest request(int number) {
        var definition = tuning.trainingJobDefinition();
        var hyperparameters = new HashMap<>(definition.staticHyperParameters());
        hyperparameters.putAll(space().trial(number));
        hyperparameters.put(
                "_tuning_objective_metric",
                tuning.hyperParameterTuningJobConfig()
                        .hyperParameterTuningJobObjective()
                        .metricName());
        return SdkCodec.copy(definition, CreateTrainingJobRequest.builder())
                .trainingJobName(name(number))
                .hyperParameters(hyperparameters)
                .build();
    }

    String name(int number) {
        var suffix = Long.hashCode(mixed(seed() * 31 + number));
        return "%s-%03d-%08x".formatted(tuning.hyperParameterTuningJobName(), number + 1, suffix);
    }

    private SearchSpace space() {
        var config = tuning.hyperParameterTuningJobConfig();
        return new SearchSpace(
                config.parameterRanges(), config.strategy() == HyperParameterTuningJobStrategyType.GRID, seed());
    }

    /** Without a seed of the user's, one that another tuning job will not have. */
    private long seed() {
        return Optional.ofNullable(tuning.hyperParameterTuningJobConfig().randomSeed())
                .map(Integer::longValue)
                .orElseGet(() -> mixed(tuning.hyperParameterTuningJobName().hashCode()
                        + tuning.creationTime().toEpochMilli()));
    }

    /** Neighbours become strangers. */
    private static long mixed(long value) {
        var once = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        var twice = (once ^ (once >>> 27)) * 0x94d049bb133111ebL;
        return twice ^ (twice >>> 31);
    }
}
