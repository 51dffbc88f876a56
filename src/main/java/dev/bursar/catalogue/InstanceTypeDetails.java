package dev.bursar.catalogue;

import dev.bursar.catalogue.InstanceType.Chips;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One instance type and what it costs for each of its uses. */
record InstanceTypeDetails(
        @Schema(example = "ml.m5.large") String instanceType,
        Category category,
        @Schema(example = "2") int vcpu,
        @Schema(example = "8") BigDecimal memoryGib,
        @Nullable Chips gpu,
        @Nullable Chips accelerator,

        @Schema(description = "size of the local disks in GB; with them no volume is paid", example = "0")
        int localNvmeGb,

        @Schema(example = "us-east-1") String region,
        @Schema(example = "us-east-1/2026-11-22") String priceBook,
        @Nullable String note,
        List<Use> prices) {

    static InstanceTypeDetails of(Catalogue catalogue, InstanceType type, String region) {
        return new InstanceTypeDetails(
                type.name(),
                type.category(),
                type.vcpu(),
                type.memoryGib(),
                type.gpus() > 0 ? type.chips() : null,
                type.gpus() > 0 ? null : type.chips(),
                type.localNvmeGb(),
                region,
                catalogue.version(region),
                type.note(),
                Arrays.stream(Component.values())
                        .map(component -> Use.of(catalogue, component, type, region))
                        .toList());
    }

    /** What the type costs for one component. */
    @Schema(name = "InstanceTypeUse")
    record Use(
            Component component,

            @Schema(description = "whether SageMaker lets the type be used for this")
            boolean offered,

            @Schema(
                    description = "US dollars per instance-hour, without volume; absent when not known",
                    example = "0.115")
            @Nullable BigDecimal usdPerHour,

            @Schema(
                    description = "US dollars per GB of volume and month of 672 hours; absent when not known",
                    example = "0.14")
            @Nullable BigDecimal volumeUsdPerGbMonth,

            @Nullable String source,
            @Nullable String date) {

        static Use of(Catalogue catalogue, Component component, InstanceType type, String region) {
            var price = catalogue.price(component, type, region);
            return new Use(
                    component,
                    type.offered().contains(component),
                    price.map(Price::usd).orElse(null),
                    catalogue.usdPerGbMonth(component, type, region).orElse(null),
                    price.map(Price::source).orElse(null),
                    price.map(Price::date).orElse(null));
        }
    }
}
