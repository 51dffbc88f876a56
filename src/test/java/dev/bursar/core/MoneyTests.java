package dev.bursar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTests {

    @Test
    void isWrittenToTheMicroDollar() {
        assertThat(Money.of("0.042931")).hasToString("$0.042931");
        assertThat(Money.of("20")).hasToString("$20.000000");
        assertThat(Money.ZERO.minus(Money.of("1.5"))).hasToString("-$1.500000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0000001", "1.0000005", "1E-7", "1234567890123", "1E+12", "1E+400"})
    void refusesWhatItCannotKeepExactly(String amount) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.of(new BigDecimal(amount)));
    }

    @Test
    void keepsTrailingZeroesFromBeingDecimals() {
        assertThat(Money.of("1.10000000")).isEqualTo(Money.of("1.1"));
        assertThat(Money.of("2E+1")).isEqualTo(Money.of("20"));
    }

    @ParameterizedTest
    @CsvSource({"1.0000001,1.000001", "1.0000000,1.000000", "0.00000001,0.000001"})
    void roundsUpWhatIsHeld(String exact, String held) {
        assertThat(Money.up(new BigDecimal(exact))).isEqualTo(Money.of(held));
    }

    @ParameterizedTest
    @CsvSource({"1.0000005,1.000001", "1.00000049,1.000000", "0.0000004,0", "0.0000005,0.000001"})
    void roundsHalfUpWhatIsCharged(String exact, String charged) {
        assertThat(Money.halfUp(new BigDecimal(exact))).isEqualTo(Money.of(charged));
    }

    @Test
    void addsComparesAndSubtractsExactly() {
        assertThat(Money.of("0.1").plus(Money.of("0.2"))).isEqualTo(Money.of("0.3"));
        assertThat(Money.of("0.3").minus(Money.of("0.1"))).isEqualTo(Money.of("0.2"));
        assertThat(Money.of("0.000001").isMoreThan(Money.ZERO)).isTrue();
        assertThat(Money.ZERO.isPositive()).isFalse();
    }
}
