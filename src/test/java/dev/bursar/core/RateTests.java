package dev.bursar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules M3 and M4. */
class RateTests {

    /** ml.m5.large at $0.115 with 10 GB at $0.14 a month of 672 hours. */
    private static final Rate EXAMPLE = new Rate(
            new BigDecimal("0.115").add(new BigDecimal("1.4").divide(new BigDecimal(672), MathContext.DECIMAL64)),
            "us-east-1/2026-11-22");

    @Test
    void holdsForTheExampleOfTheRulesWhatTheRulesSay() {
        assertThat(EXAMPLE.worstCase(Duration.ofMinutes(22))).isEqualTo(Money.of("0.042931"));
    }

    @ParameterizedTest
    @CsvSource({
        "3.6,1,0.001000,0.001000",
        "3.6,0,0,0",
        "0.0036,499,0.000001,0.000000",
        "0.0036,500,0.000001,0.000001",
        "0.0036,501,0.000001,0.000001",
        "0.0036,1000,0.000001,0.000001",
        "0.0036,1001,0.000002,0.000001",
        "0.0036,1500,0.000002,0.000002"
    })
    void roundsHoldsUpAndChargesHalfUp(String perHour, long units, String held, String charged) {
        var rate = new Rate(new BigDecimal(perHour), "t");
        var time = perHour.equals("3.6") ? Duration.ofSeconds(units) : Duration.ofMillis(units);

        assertThat(rate.worstCase(time)).isEqualTo(Money.of(held));
        assertThat(rate.over(time)).isEqualTo(Money.of(charged));
    }

    @Test
    void neverChargesMoreThanItHeldForTheSameTime() {
        for (int millis = 0; millis < 20_000; millis += 7) {
            var time = Duration.ofMillis(millis);
            assertThat(EXAMPLE.over(time)).isLessThanOrEqualTo(EXAMPLE.worstCase(time));
        }
    }

    @Test
    void buysOnlyTimeThatTheMoneySurelyPays() {
        var time = EXAMPLE.boughtBy(Money.of("0.042931"));

        assertThat(time).isEqualTo(Duration.ofMinutes(22));
        assertThat(EXAMPLE.worstCase(EXAMPLE.boughtBy(Money.of("0.042930")))).isLessThanOrEqualTo(Money.of("0.042930"));
    }

    @Test
    void hasNoPriceOfZeroOrLess() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(BigDecimal.ZERO, "t"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(new BigDecimal("-1"), "t"));
    }
}
