package dev.bursar.catalogue;

import dev.bursar.catalogue.InstanceType.Chips;
import dev.bursar.catalogue.Table.Row;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The instance types and their list prices, as they were compiled on one day. A price that is not written here is not
 * known, and nothing stands in for it: us-east-1 has all components, other regions only hosting of ten types.
 */
final class PriceBook {

    static final String HOME = "us-east-1";
    static final String COMPILED = "2026-11-22";
    static final String SOURCE = "public copies of the AWS Price List, April to September 2026";

    private final Map<String, InstanceType> types = new LinkedHashMap<>();
    private final Map<Entry, Price> prices = new HashMap<>();
    private final Map<Entry, Price> volumes = new HashMap<>();

    private PriceBook() {}

    static PriceBook read() {
        var book = new PriceBook();
        var sources = new HashMap<String, Row>();
        Table.read("sources.csv").forEach(row -> sources.put(row.text("code"), row));
        Table.read("instances.csv").forEach(row -> book.add(row, sources));
        for (var row : Table.read("hosting-prices.csv")) {
            book.prices.put(
                    new Entry(Component.HOSTING, row.text("instance_type"), row.text("region")),
                    price(row.text("usd_hour"), row));
        }
        for (var row : Table.read("volume-prices.csv")) {
            book.volumes.put(
                    new Entry(Component.of(row.text("component")), "volume", row.text("region")),
                    price(row.text("usd_gb_month"), row));
        }
        return book;
    }

    Collection<InstanceType> types() {
        return types.values();
    }

    Optional<InstanceType> find(String instanceType) {
        return Optional.ofNullable(types.get(instanceType));
    }

    /** The price of a type where SageMaker offers it for the component. */
    Optional<Price> price(Component component, InstanceType type, String region) {
        return Optional.ofNullable(prices.get(new Entry(component, type.name(), region)))
                .filter(price -> type.offered().contains(component));
    }

    /** What a GB of volume costs in a month. */
    Optional<Price> volume(Component component, String region) {
        return Optional.ofNullable(volumes.get(new Entry(component, "volume", region)));
    }

    /** The regions that have any price for a component. */
    Set<String> regions(Component component) {
        var regions = new TreeSet<String>();
        prices.keySet().stream()
                .filter(entry -> entry.component() == component)
                .map(Entry::region)
                .forEach(regions::add);
        return regions;
    }

    /** What a hold remembers of where its price came from. */
    String version(String region) {
        return region + "/" + COMPILED;
    }

    private void add(Row row, Map<String, Row> sources) {
        var type = type(row);
        types.put(type.name(), type);
        for (var component : Component.values()) {
            row.maybe(component.label() + "_usd")
                    .ifPresent(usd -> prices.put(
                            new Entry(component, type.name(), HOME),
                            price(usd, cited(sources, row.text(component.label() + "_source")))));
        }
    }

    private static InstanceType type(Row row) {
        var offered = EnumSet.noneOf(Component.class);
        Arrays.stream(Component.values())
                .filter(component -> row.maybe(component.label() + "_offered").isPresent())
                .forEach(offered::add);
        return new InstanceType(
                row.text("instance_type"),
                Category.of(row.text("category")),
                row.whole("vcpu"),
                new BigDecimal(row.text("memory_gib")),
                row.maybe("gpu_model")
                        .map(model -> new Chips(model, row.whole("gpu_count"), row.whole("gpu_memory_gib")))
                        .orElse(null),
                row.whole("local_nvme_gb"),
                offered,
                row.maybe("note").orElse(null));
    }

    private static Row cited(Map<String, Row> sources, String code) {
        return Optional.ofNullable(sources.get(code))
                .map(row -> new Row(Map.of("source", row.text("what"), "date", row.text("date"))))
                .orElseThrow(() -> new IllegalStateException("no source is called " + code));
    }

    private static Price price(String usd, Row row) {
        return new Price(new BigDecimal(usd), row.text("source"), row.text("date"));
    }

    /** What a price is for; a volume has no instance type. */
    private record Entry(Component component, String instanceType, String region) {}
}
