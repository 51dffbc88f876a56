package dev.bursar.catalogue;

import dev.bursar.core.Rate;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Service;

/** Instance types and what they cost. A price that is not known is refused: never guessed, never zero. */
@Service
public class Catalogue {

    /** A month of a volume is counted as its shortest, so that a hold never falls short. */
    private static final BigDecimal HOURS_PER_MONTH = BigDecimal.valueOf(28 * 24);

    private static final int ALTERNATIVES = 3;

    private final PriceBook book = PriceBook.read();

    /** What one instance with its volume costs. */
    public Rate rate(Component component, String instanceType, int volumeGb, String region) {
        if (volumeGb < 0) {
            throw Problem.invalid("compute.volumeSizeGb", "must not be negative, but is " + volumeGb);
        }
        var type = find(instanceType).orElseThrow(() -> unknown(instanceType));
        var price = book.price(component, type, region).orElseThrow(() -> noPrice(component, type, region));
        return new Rate(price.usd().add(volume(component, type, volumeGb, region)), book.version(region));
    }

    public Optional<InstanceType> find(String instanceType) {
        return book.find(instanceType);
    }

    /** What fits a wish, the cheapest first; what has no price comes last, if it is wished for at all. */
    List<Offer> offers(Wish wish, String region) {
        var component = wish.use();
        return book.types().stream()
                .filter(wish::fits)
                .map(type -> new Offer(type, book.price(component, type, region)))
                .filter(offer -> wish.affords(offer.price()))
                .sorted(Comparator.comparing(Offer::isUnpriced)
                        .thenComparing(offer -> offer.price().map(Price::usd).orElse(BigDecimal.ZERO))
                        .thenComparing(offer -> offer.type().name()))
                .toList();
    }

    Optional<Price> price(Component component, InstanceType type, String region) {
        return book.price(component, type, region);
    }

    /** The price of a GB-month of volume; zero on types that bring their own disks. */
    Optional<BigDecimal> usdPerGbMonth(Component component, InstanceType type, String region) {
        return type.paysForItsVolume() ? book.volume(component, region).map(Price::usd) : Optional.of(BigDecimal.ZERO);
    }

    Set<String> regions(Component component) {
        return book.regions(component);
    }

    String version(String region) {
        return book.version(region);
    }

    private BigDecimal volume(Component component, InstanceType type, int volumeGb, String region) {
        if (volumeGb == 0) {
            return BigDecimal.ZERO;
        }
        return usdPerGbMonth(component, type, region)
                .orElseThrow(() -> new Problem(
                        ProblemType.NO_PRICE,
                        "No price is known for the %s volume of %s in %s. Types with local disks, such as ml.g5.xlarge, need none; %s has all prices."
                                .formatted(component.label(), type.name(), region, PriceBook.HOME)))
                .multiply(BigDecimal.valueOf(volumeGb))
                .divide(HOURS_PER_MONTH, Rate.SCALE, RoundingMode.HALF_UP);
    }

    private Problem unknown(String instanceType) {
        var nearest = Spelling.nearest(instanceType, book.types().stream().map(InstanceType::name))
                .map(name -> "did you mean " + name + "?")
                .orElse("choose one from GET /api/v1/instance-types, such as ml.m5.large");
        return Problem.invalid(
                "compute.instanceType",
                "there is no instance type '" + Spelling.shortened(instanceType) + "'; " + nearest);
    }

    private Problem noPrice(Component component, InstanceType type, String region) {
        var regions = book.regions(component);
        if (!regions.contains(region)) {
            return new Problem(
                    ProblemType.NO_PRICE,
                    "No %s prices are known in %s, so %s cannot be used for it there. They are known in %s."
                            .formatted(
                                    component.label(),
                                    Spelling.shortened(region),
                                    type.name(),
                                    String.join(", ", regions)));
        }
        var reason = type.offered().contains(component) ? "" : ", and SageMaker does not offer it for that";
        return new Problem(
                ProblemType.NO_PRICE,
                "No %s price of %s is known in %s%s. Near it and priced: %s."
                        .formatted(
                                component.label(),
                                type.name(),
                                region,
                                reason,
                                String.join(", ", alternatives(component, type, region))));
    }

    private List<String> alternatives(Component component, InstanceType type, String region) {
        return offers(Wish.of(component), region).stream()
                .map(Offer::type)
                .filter(other -> (other.gpus() > 0) == (type.gpus() > 0))
                .sorted(Comparator.comparingDouble(other -> distance(type, other)))
                .limit(ALTERNATIVES)
                .map(InstanceType::name)
                .toList();
    }

    /** How different two types are in size, in doublings. */
    private static double distance(InstanceType one, InstanceType other) {
        return Math.abs(Math.log((double) one.vcpu() / other.vcpu()))
                + Math.abs(Math.log(
                        one.memoryGib().doubleValue() / other.memoryGib().doubleValue()))
                + Math.abs(one.gpus() - other.gpus());
    }

    /** A type and its price for what is asked. */
    record Offer(InstanceType type, Optional<Price> price) {

        boolean isUnpriced() {
            return price.isEmpty();
        }
    }
}
