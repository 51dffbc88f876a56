package dev.bursar.catalogue;

import dev.bursar.catalogue.Catalogue.Offer;
import dev.bursar.catalogue.InstanceType.Chips;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answer to a wish. */
record InstanceTypes(
        Component component,
        @Schema(example = "us-east-1") String region,

        @Schema(
                description = "what holds made now remember as the source of their price",
                example = "us-east-1/2026-11-22")
        String priceBook,

        String source,

        @Schema(description = "when the prices were compiled", example = "2026-11-22")
        String date,

        @Schema(description = "where prices of this component are known at all")
        Set<String> regionsWithPrices,

        List<Item> items) {

    static InstanceTypes of(Catalogue catalogue, Wish wish, String region) {
        var component = wish.use();
        var items = catalogue.offers(wish, region).stream()
                .limit(wish.most())
                .map(offer -> Item.of(
                        offer,
                        catalogue.usdPerGbMonth(component, offer.type(), region).orElse(null)))
                .toList();
        return new InstanceTypes(
                component,
                region,
                catalogue.version(region),
                PriceBook.SOURCE,
                PriceBook.COMPILED,
                catalogue.regions(component),
                items);
    }

    /** One type with its price for the component. */
    @Schema(name = "InstanceTypeOffer")
    record Item(
            @Schema(example = "ml.m5.large") String instanceType,
            Category category,
            @Schema(example = "2") int vcpu,
            @Schema(example = "8") BigDecimal memoryGib,
            @Nullable Chips gpu,
            @Nullable Chips accelerator,

            @Schema(description = "size of the local disks in GB; with them no volume is paid", example = "0")
            int localNvmeGb,

            @Schema(
                    description = "US dollars per instance-hour, without volume; absent when not known",
                    example = "0.115")
            @Nullable BigDecimal usdPerHour,

            @Schema(
                    description = "US dollars per GB of volume and month of 672 hours; absent when not known",
                    example = "0.14")
            @Nullable BigDecimal volumeUsdPerGbMonth,

            @Schema(description = "who says so") @Nullable String source,

            @Schema(description = "as of when", example = "2026-09-27") @Nullable String date,

            @Schema(description = "what is peculiar about the type") @Nullable String note) {

        static Item of(Offer offer, @Nullable BigDecimal volume) {
            var type = offer.type();
            return new Item(
                    type.name(),
                    type.category(),
                    type.vcpu(),
                    type.memoryGib(),
                    type.gpus() > 0 ? type.chips() : null,
                    type.gpus() > 0 ? null : type.chips(),
                    type.localNvmeGb(),
                    offer.price().map(Price::usd).orElse(null),
                    volume,
                    offer.price().map(Price::source).orElse(null),
                    offer.price().map(Price::date).orElse(null),
                    type.note());
        }
    }
}
