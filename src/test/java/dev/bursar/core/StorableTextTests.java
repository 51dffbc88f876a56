package dev.bursar.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.HostileText;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StorableTextTests {

    @ParameterizedTest
    @MethodSource("dev.bursar.testing.HostileText#all")
    void isTextThatAnybodyCanKeepAndShow(HostileText text) {
        var stored = StorableText.of(text.value(), 1_000);

        assertThat(stored.length()).isLessThanOrEqualTo(1_000);
        assertThat(new String(stored.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(stored);
        assertThat(stored.chars()).noneMatch(character -> character == 0 || character == 0x1b || character == 0x9b);
    }

    @Test
    void leavesWhatIsFineAsItIs() {
        var fine = "CapacityError: 漢字 \ud83d\udca9\r\n\tmodel.tar.gz";

        assertThat(StorableText.of(fine, 1_000)).isEqualTo(fine);
    }

    @Test
    void saysThatItWasCutAndCutsNoCharacterInTwo() {
        assertThat(StorableText.of("abcdef", 6)).isEqualTo("abcdef");
        assertThat(StorableText.of("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(StorableText.of("abcd\ud83d\udca9g", 6)).isEqualTo("abcd…");
    }

    @Test
    void marksWhatIsNoCharacter() {
        assertThat(StorableText.of("a\0b\ud83dc\u001b[31m", 100)).isEqualTo("a\ufffdb\ufffdc\ufffd[31m");
    }
}
