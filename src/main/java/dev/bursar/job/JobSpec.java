package dev.bursar.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.bursar.workload.Spec;
import io.swagger.v3.oas.annotations.media.DiscriminatorMapping;
import io.swagger.v3.oas.annotations.media.Schema;

/** What can be asked of {@code /jobs}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@com.fasterxml.jackson.annotation.JsonSubTypes(
        @com.fasterxml.jackson.annotation.JsonSubTypes.Type(value = TrainingSpec.class, name = TrainingSpec.KIND))
@Schema(
        discriminatorProperty = "kind",
        oneOf = TrainingSpec.class,
        discriminatorMapping = @DiscriminatorMapping(value = TrainingSpec.KIND, schema = TrainingSpec.class))
public sealed interface JobSpec extends Spec permits TrainingSpec {}
