package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Money;
import dev.bursar.core.Rate;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rule M4: what is held, from price, instances and time. */
class QuoteTests {

    private static Quote quote(int instances) {
        var rate = new Rate(new BigDecimal("0.1170833333"), "us-east-1/2026-11-22");
        return Quote.limited(
                "ml.m5.large", rate, instances, Duration.ofMinutes(10), Duration.ofMinutes(12), Duration.ofSeconds(90));
    }

    @Test
    void holdsTheExampleOfTheRules() {
        assertThat(quote(1).worstCase()).isEqualTo(Money.of("0.042931"));
    }

    @Test
    void roundsOnceForAllInstancesNotForEach() {
        assertThat(quote(3).worstCase()).isEqualTo(Money.of("0.128792"));
    }

    @Test
    void isSurelyOverAfterItsLimitAndItsEnding() {
        assertThat(quote(1).longest()).isEqualTo(Duration.ofMinutes(22));
    }

    @Test
    void chargesInstanceTimeHalfUp() {
        assertThat(quote(1).cost(Duration.ofSeconds(132))).isEqualTo(Money.of("0.004293"));
        assertThat(quote(1).cost(Duration.ZERO)).isEqualTo(Money.ZERO);
    }

    @Test
    void tellsWhatAwsWouldAskForFetchingImageAndData() {
        assertThat(quote(2).aboutOnAws(Duration.ofSeconds(20))).isEqualTo(Money.of("0.006505"));
    }
}
