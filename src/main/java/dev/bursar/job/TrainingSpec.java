package dev.bursar.job;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model that is to be trained. */
@JsonTypeName(TrainingSpec.KIND)
@Schema(name = "TrainingSpec")
public record TrainingSpec(
        @Schema(description = "a label, for people", example = "biopsies")
        @NotBlank @Size(max = 100) @Pattern(regexp = "[^\\p{Cntrl}]*", message = "has no control characters") String name,

        @Schema(description = "for admins: whose job it is; else your own lab", example = "chem") @Nullable String lab,

        @Schema(type = "string", description = "counts for this project's budget, too", example = "lesson") @Nullable ProjectId project,

        @NotNull @Valid Algorithm algorithm,

        @Schema(description = "numbers, strings or booleans; for xgboost see GET /api/v1/algorithms/xgboost")
        @Nullable @Size(max = 90) Map<String, Object> hyperparameters,

        @Schema(description = "data by channel; the built-in xgboost takes train and validation")
        @NotNull @Size(min = 1, max = 19) Map<
                        @Pattern(
                                regexp = "(?!\\.+$)[A-Za-z0-9._-]{1,64}",
                                message = "a channel has 1 to 64 letters, digits, . _ -, not dots only")
                        String,
                        @NotNull @Valid Channel>
                inputs,

        @NotNull @Valid Compute compute,

        @Schema(
                type = "string",
                description =
                        "SageMaker ends it then; PT10M or 10m, 1 s to 5 days; PT15M when absent, or what maxCost buys",
                example = "PT10M")
        @Nullable Duration maxRuntime,

        @Schema(
                description = "-100 to 100, default 0: higher leaves the queue first; above 0 for owners only",
                example = "0")
        @Nullable @Min(-100) @Max(100) Integer priority,

        @Schema(description = "US dollars; refused if the worst case is more", example = "0.10") @Nullable Money maxCost,

        @Schema(description = "environment of the container") @Nullable @Size(max = 48) Map<@Pattern(regexp = "[a-zA-Z_][a-zA-Z0-9_]{0,511}") String, @NotNull @Size(max = 512) String> environment)
        implements JobSpec {

    static final String KIND = "training";

    /**
     * What trains: a built-in algorithm, a script on a framework or an image, or an image by itself.
     *
     * @param image a container image by its address; with a script it is the script's framework
     */
    @Schema(name = "TrainingAlgorithm")
    public record Algorithm(
            @Schema(example = "xgboost") @Nullable String builtIn,

            @Schema(description = "of the built-in or the framework", example = "1.7-1") @Nullable String version,

            @Schema(description = "xgboost or scikit-learn; for others give image") @Nullable String framework,

            @Nullable @Valid Script script,

            @Schema(description = "address of a container image, at most 255 characters") @Nullable @Size(max = 255) String image,

            @Schema(description = "metrics to find in a script's log") @Nullable @Size(max = 40) List<@NotNull @Valid Metric> metrics) {

        boolean isBuiltIn() {
            return builtIn != null;
        }
    }

    /** A script in a dataset: a file, or a tar.gz with an entry point. */
    @Schema(name = "TrainingScript")
    public record Script(
            @NotBlank @Schema(example = "code") String dataset,

            @NotBlank @Schema(description = "train.py, or an archive such as src.tar.gz", example = "train.py")
            String path,

            @Schema(
                    description = "the file in the archive that is run; for a single file it is that file",
                    example = "train.py")
            @Nullable @Size(max = 255) String entryPoint) {}

    /** A metric by the regular expression whose group is its value. */
    @Schema(name = "TrainingMetric")
    public record Metric(
            @NotBlank @Size(max = 255) @Schema(example = "validation:accuracy")
            String name,

            @NotBlank @Size(max = 500) @Schema(example = "accuracy=([0-9.]+)")
            String regex) {}

    /** Data for one channel: of a dataset, or any of the lab's own in S3. */
    @Schema(name = "TrainingChannel")
    public record Channel(
            @Schema(example = "biopsies") @Nullable String dataset,

            @Schema(description = "a file or folder in it; the whole dataset when absent", example = "train.csv")
            @Nullable String path,

            @Schema(description = "instead of a dataset; within the lab's part of the bucket")
            @Nullable @Size(max = 1024) String s3Uri,

            @Schema(example = "text/csv") @Nullable @Size(max = 256) String contentType) {}

    /** On what it runs. */
    @Schema(name = "TrainingCompute")
    public record Compute(
            @NotBlank @Schema(example = "ml.m5.large") String instanceType,

            @Schema(description = "1 to 20, default 1", example = "1") @Nullable @Min(1) @Max(20) Integer instanceCount,

            @Schema(description = "volume of each instance, GB, 1 to 1024, default 10", example = "10")
            @Nullable @Min(1) @Max(1024) Integer volumeSizeGb) {

        int instances() {
            return Objects.requireNonNullElse(instanceCount, 1);
        }

        int volumeGb() {
            return Objects.requireNonNullElse(volumeSizeGb, 10);
        }
    }

    Map<String, Object> hyperparametersOrNone() {
        return hyperparameters == null ? Map.of() : hyperparameters;
    }

    TrainingSpec with(Algorithm filled, Map<String, Channel> located, Compute sized, Duration limit) {
        return new TrainingSpec(
                name, lab, project, filled, hyperparameters, located, sized, limit, priority, maxCost, environment);
    }
}
