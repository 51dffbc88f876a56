package dev.bursar.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule N1. */
class IdsTests {

    private static final Instant NOW = Instant.parse("2026-11-25T02:00:00.123Z");

    @Test
    void hasSixteenCharactersWithoutThoseThatLookAlike() {
        for (int i = 0; i < 1000; i++) {
            assertThat(Ids.next(NOW)).matches("[0-9abcdefghjkmnpqrstvwxyz]{16}");
        }
    }

    @Test
    void sortsByTimeWhateverTheRandomPartIs() {
        assertThat(Ids.of(NOW, -1)).isLessThan(Ids.of(NOW.plusMillis(1), 0));
        assertThat(Ids.of(NOW, 0)).isLessThan(Ids.of(NOW, 1));
        assertThat(Ids.of(Instant.EPOCH, -1)).isLessThan(Ids.of(Instant.parse("9999-12-31T00:00:00Z"), 0));
    }

    @Test
    void keepsAllEightyBits() {
        var value = new java.math.BigInteger("0");
        for (char digit : Ids.of(NOW, 0x89abcdef).toCharArray()) {
            value = value.shiftLeft(5)
                    .add(java.math.BigInteger.valueOf("0123456789abcdefghjkmnpqrstvwxyz".indexOf(digit)));
        }

        assertThat(value.shiftRight(32).longValueExact()).isEqualTo(NOW.toEpochMilli());
        assertThat(value.intValue()).isEqualTo(0x89abcdef);
    }

    @Test
    void differsThoughMadeInTheSameMillisecond() {
        var ids = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            ids.add(Ids.next(NOW));
        }
        assertThat(ids).hasSizeGreaterThanOrEqualTo(999);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "06a0k9x4wsn3q7r",
                "06a0k9x4wsn3q7rtt",
                "06A0K9X4WSN3Q7RT",
                "06a0k9x4wsn3q7ri",
                "06a0k9x4wsn3q7r-"
            })
    void knowsWhatIsNoId(String text) {
        assertThat(Ids.isWellFormed(text)).isFalse();
    }
}
