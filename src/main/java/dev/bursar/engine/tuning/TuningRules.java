// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.tuning;

import dev.bursar.engine.wire.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.ContinuousParameterRange;
import software.amazon.awssdk.services.sagemaker.model.CreateHyperParameterTuningJobRequest;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterScalingType;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobConfig;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobStrategyType;
import software.amazon.awssdk.services.sagemaker.model.IntegerParameterRange;
import software.amazon.awssdk.services.sagemaker.model.ParameterRanges;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobEarlyStoppingType;

/** What CreateHyperParameterTuningJob refuses beyond the limits of the service model. */
final class TuningRules {

    private static final int TUNABLE = 30;

    private TuningRules() {}

    static void check(CreateHyperParameterTuningJobRequest request) {
        refuse(
                request.hasTrainingJobDefinitions(),
                "TrainingJobDefinitions is not offered by this engine; use" + " TrainingJobDefinition.");
        refuse(request.warmStartConfig() != null, "WarmStartConfig is not offered by this engine.");
        refuse(request.autotune() != null, "Autotune is not offered by this engine.");
        refuse(request.trainingJobDefinition() == null, "TrainingJobDefinition must be given.");
        var config = request.hyperParameterTuningJobConfig();
        var strategy = config.strategy();
        refuse(
                strategy != HyperParameterTuningJobStrategyType.RANDOM
                        && strategy != HyperParameterTuningJobStrategyType.GRID,
                "Strategy %s is not offered by this engine; use Random or Grid.".formatted(config.strategyAsString()));
        refuse(
                config.trainingJobEarlyStoppingType() == TrainingJobEarlyStoppingType.AUTO,
                "TrainingJobEarlyStoppingType Auto is not offered by this engine.");
        refuse(config.hyperParameterTuningJobObjective() == null, "HyperParameterTuningJobObjective must be given.");
        var criteria = config.tuningJobCompletionCriteria();
        refuse(
                criteria != null && criteria.convergenceDetected() != null,
                "ConvergenceDetected is not offered by this engine.");
        checkRanges(
                request,
                Optional.ofNullable(config.parameterRanges())
                        .orElseGet(() -> ParameterRanges.builder().build()));
        checkCount(config, strategy == HyperParameterTuningJobStrategyType.GRID);
    }

    private static void checkRanges(CreateHyperParameterTuningJobRequest request, ParameterRanges ranges) {
        refuse(ranges.hasAutoParameters(), "AutoParameters is not offered by this engine.");
        var names = new SearchSpace(ranges, false, 0).list();
        refuse(names.isEmpty(), "At least one hyperparameter range must be given.");
        refuse(
                names.size() > TUNABLE,
                "At most %d hyperparameters can be tuned, not %d.".formatted(TUNABLE, names.size()));
        refuse(
                names.size() != names.stream().distinct().count(),
                "The names of hyperparameter ranges must be unique, not %s.".formatted(names));
        var fixed = request.trainingJobDefinition().staticHyperParameters().keySet();
        names.stream().filter(fixed::contains).findFirst().ifPresent(name -> {
            throw Refusal.validation("The hyperparameter %s is both static and tuned.".formatted(name));
        });
        ranges.integerParameterRanges().forEach(TuningRules::check);
        ranges.continuousParameterRanges().forEach(TuningRules::check);
    }

    private static void check(IntegerParameterRange range) {
        try {
            var min = Long.parseLong(range.minValue());
            order(range.name(), (double) min, (double) Long.parseLong(range.maxValue()));
            scaling(range.name(), range.scalingType(), (double) min, 0, false);
        } catch (NumberFormatException e) {
            throw notANumber(range.name(), range.minValue(), range.maxValue());
        }
    }

    private static void check(ContinuousParameterRange range) {
        try {
            var min = Double.parseDouble(range.minValue());
            var max = Double.parseDouble(range.maxValue());
            refuse(
                    !Double.isFinite(min) || !Double.isFinite(max),
                    "The range of %s is not finite.".formatted(range.name()));
            order(range.name(), min, max);
            scaling(range.name(), range.scalingType(), min, max, true);
        } catch (NumberFormatException e) {
            throw notANumber(range.name(), range.minValue(), range.maxValue());
        }
    }

    private static void order(String name, double min, double max) {
        refuse(min > max, "The MinValue of %s is greater than its MaxValue.".formatted(name));
    }

    private static void scaling(
            String name, @Nullable HyperParameterScalingType scaling, double min, double max, boolean continuous) {
        refuse(
                scaling == HyperParameterScalingType.LOGARITHMIC && min <= 0,
                "Logarithmic scaling of %s needs a MinValue greater than 0.".formatted(name));
        refuse(
                scaling == HyperParameterScalingType.REVERSE_LOGARITHMIC && !(continuous && min >= 0 && max < 1),
                "ReverseLogarithmic scaling of %s needs a continuous range with 0 <= x < 1.".formatted(name));
    }

    private static void checkCount(HyperParameterTuningJobConfig config, boolean isGrid) {
        var count = config.resourceLimits().maxNumberOfTrainingJobs();
        if (!isGrid) {
            refuse(count == null, "MaxNumberOfTrainingJobs must be given for the strategy Random.");
            return;
        }
        var ranges = config.parameterRanges();
        refuse(
                ranges.hasIntegerParameterRanges() || ranges.hasContinuousParameterRanges(),
                "The strategy Grid takes categorical ranges only.");
        var size = new SearchSpace(ranges, true, 0).size();
        refuse(
                count != null && count != size,
                "MaxNumberOfTrainingJobs must be %d, the number of combinations of the grid, not %s."
                        .formatted(size, count));
    }

    private static Refusal notANumber(String name, String min, String max) {
        return Refusal.validation("The range of %s, '%s' to '%s', is not one of numbers.".formatted(name, min, max));
    }

    private static void refuse(boolean isWrong, String message) {
        if (isWrong) {
            throw Refusal.validation(message);
        }
    }
}
