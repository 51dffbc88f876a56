package dev.bursar.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.catalogue.Catalogue.Offer;
import dev.bursar.core.Money;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTests {

    private static final String HOME = "us-east-1";

    private final Catalogue catalogue = new Catalogue();

    @Test
    void pricesTheExampleOfTheRules() {
        var rate = catalogue.rate(Component.TRAINING, "ml.m5.large", 10, HOME);

        assertThat(rate.worstCase(Duration.ofMinutes(22))).isEqualTo(Money.of("0.042931"));
        assertThat(rate.priceBook()).isEqualTo("us-east-1/2026-11-22");
    }

    @Test
    void addsNoVolumeToTypesWithLocalDisks() {
        var rate = catalogue.rate(Component.TRAINING, "ml.g5.xlarge", 500, HOME);

        assertThat(rate.usdPerHour()).isEqualByComparingTo("1.408");
    }

    @Test
    void takesTheVolumePriceOfTheComponent() {
        var training = catalogue.rate(Component.TRAINING, "ml.m5.large", 672, HOME);
        var processing = catalogue.rate(Component.PROCESSING, "ml.m5.large", 672, HOME);

        assertThat(training.usdPerHour()).isEqualByComparingTo("0.255");
        assertThat(processing.usdPerHour()).isEqualByComparingTo("0.215");
    }

    @Test
    void pricesHostingInOtherRegions() {
        var rate = catalogue.rate(Component.HOSTING, "ml.m5.large", 0, "eu-west-1");

        assertThat(rate.usdPerHour()).isEqualByComparingTo("0.128");
        assertThat(rate.priceBook()).isEqualTo("eu-west-1/2026-11-22");
    }

    @Test
    void refusesAVolumeWhosePriceIsNotKnown() {
        assertThatNoPrice(() -> catalogue.rate(Component.HOSTING, "ml.m5.large", 10, "sa-east-1"))
                .hasMessageContaining("volume");
        assertThat(catalogue
                        .rate(Component.HOSTING, "ml.g5.xlarge", 10, "sa-east-1")
                        .usdPerHour())
                .isEqualByComparingTo("2.394");
    }

    @Test
    void refusesTrainingWhereOnlyHostingIsPriced() {
        assertThatNoPrice(() -> catalogue.rate(Component.TRAINING, "ml.m5.large", 10, "eu-west-1"))
                .hasMessageContaining("No training prices are known in eu-west-1")
                .hasMessageContaining("They are known in us-east-1");
    }

    @ParameterizedTest
    @CsvSource({"ml.t3.medium", "ml.t3.large", "ml.r6i.large", "ml.r6i.32xlarge", "ml.m4.xlarge", "ml.p5.4xlarge"})
    void refusesTypesWithoutATrainingPriceAndNamesOthers(String instanceType) {
        assertThatNoPrice(() -> catalogue.rate(Component.TRAINING, instanceType, 10, HOME))
                .hasMessageContaining("No training price of " + instanceType + " is known in us-east-1")
                .hasMessageContaining("Near it and priced: ml.");
    }

    @Test
    void refusesAPriceOfWhatIsNotOffered() {
        assertThatNoPrice(() -> catalogue.rate(Component.TRANSFORM, "ml.g6e.xlarge", 0, HOME))
                .hasMessageContaining("SageMaker does not offer it");
    }

    @ParameterizedTest
    @CsvSource({"ml.m5.lrage, ml.m5.large", "m5.large, ml.m5.large", "ML.G5.XLARGE, ml.g5.xlarge"})
    void suggestsWhatAMisspeltTypeWasMeantToBe(String written, String meant) {
        assertThatThrownBy(() -> catalogue.rate(Component.TRAINING, written, 10, HOME))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.INVALID_REQUEST))
                .hasMessageContaining("compute.instanceType")
                .hasMessageContaining("did you mean " + meant + "?");
    }

    @Test
    void bearsNonsense() {
        assertThatThrownBy(() -> catalogue.rate(Component.TRAINING, "x".repeat(100_000) + "\n", 10, HOME))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("such as ml.m5.large");
        assertThatThrownBy(() -> catalogue.rate(Component.TRAINING, "ml.m5.large", -1, HOME))
                .isInstanceOf(Problem.class);
    }

    @Test
    void findsTheCheapestThatFits() {
        var offers = catalogue.offers(wish(null, 2, "8", 0), HOME);

        assertThat(offers).extracting(CatalogueTests::usd).isSorted().doesNotContainNull();
        assertThat(offers.get(0)).satisfies(cheapest -> {
            assertThat(cheapest.type().vcpu()).isGreaterThanOrEqualTo(2);
            assertThat(cheapest.type().memoryGib()).isGreaterThanOrEqualTo(new BigDecimal("8"));
        });
        assertThat(names(offers)).contains("ml.m5.large").doesNotContain("ml.c5.large", "ml.t3.large");
    }

    @Test
    void findsGpus() {
        var offers = catalogue.offers(wish("gpu", 0, "0", 4), HOME);

        assertThat(offers)
                .isNotEmpty()
                .allSatisfy(offer -> assertThat(offer.type().gpus()).isGreaterThanOrEqualTo(4));
        assertThat(names(catalogue.offers(wish("gpu", 0, "0", 0), HOME)).get(0)).isEqualTo("ml.g4dn.xlarge");
    }

    @Test
    void countsNoAcceleratorAsGpu() {
        assertThat(names(catalogue.offers(wish(null, 0, "0", 1), HOME)))
                .isNotEmpty()
                .noneMatch(name -> name.startsWith("ml.trn"));
        assertThat(names(catalogue.offers(wish("accelerator", 0, "0", 0), HOME)))
                .contains("ml.trn1.2xlarge");
    }

    @Test
    void findsMuchMemory() {
        var offers = catalogue.offers(wish("memory", 0, "100", 0), HOME);

        assertThat(offers)
                .isNotEmpty()
                .allSatisfy(offer -> assertThat(offer.type().category()).isEqualTo(Category.MEMORY));
        assertThat(names(offers)).contains("ml.r5.4xlarge");
    }

    @Test
    void keepsBelowAPrice() {
        var wish = new Wish(null, null, null, null, null, new BigDecimal("0.2"), null, null, null);

        assertThat(catalogue.offers(wish, HOME))
                .isNotEmpty()
                .allSatisfy(offer -> assertThat(usd(offer)).isLessThanOrEqualTo(new BigDecimal("0.2")));
    }

    @Test
    void showsTypesWithoutPriceOnlyWhenAskedTo() {
        var all = new Wish(null, null, null, null, null, null, false, null, null);

        assertThat(names(catalogue.offers(all, HOME))).contains("ml.t3.medium").hasSize(320);
        assertThat(catalogue.offers(all, HOME).get(0).isUnpriced()).isFalse();
        assertThat(names(catalogue.offers(Wish.of(Component.TRAINING), HOME)))
                .doesNotContain("ml.t3.medium")
                .hasSize(106);
    }

    @Test
    void knowsOnlyPricesAboveZeroWithSourceAndDate() {
        for (var component : Component.values()) {
            assertThat(catalogue.offers(Wish.of(component), HOME)).isNotEmpty().allSatisfy(offer -> {
                var price = offer.price().orElseThrow();
                assertThat(price.usd()).isPositive();
                assertThat(price.source()).isNotBlank();
                assertThat(price.date()).isNotBlank();
            });
        }
    }

    private static Wish wish(@Nullable String category, int vcpu, String memory, int gpus) {
        return new Wish(null, category, vcpu, new BigDecimal(memory), gpus, null, null, null, null);
    }

    private static BigDecimal usd(Offer offer) {
        return offer.price().orElseThrow().usd();
    }

    private static List<String> names(List<Offer> offers) {
        return offers.stream().map(offer -> offer.type().name()).toList();
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertThatNoPrice(
            ThrowingCallable asked) {
        return assertThatThrownBy(asked)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.NO_PRICE));
    }
}
