package dev.bursar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HostileTextTests {

    @Test
    void namesEachOfManyValuesOnce() {
        assertThat(HostileText.all()).hasSizeGreaterThanOrEqualTo(100);
        assertThat(HostileText.all().map(HostileText::name)).doesNotHaveDuplicates();
        assertThat(HostileText.all().map(HostileText::value)).doesNotHaveDuplicates();
    }

    @Test
    void hasTheWorstOfItsSort() {
        assertThat(HostileText.all().map(HostileText::value))
                .anyMatch(value -> value.indexOf('\0') >= 0)
                .anyMatch(value -> value.endsWith("\ud83d"))
                .anyMatch(value -> value.length() == 1 << 20);
        assertThat(HostileText.metrics(10_000)).hasSize(10_000);
        assertThat(HostileText.fileNames())
                .hasSizeGreaterThan(30)
                .noneMatch(text -> text.value().contains("/"));
    }

    @Test
    void writesHalfASurrogateAsACarelessProgramDoes() {
        assertThat(new HostileText("half", "\ud83d").bytes()).containsExactly(0xed, 0xa0, 0xbd);
    }

    @Test
    void knowsBytesThatAreNoUtf8() {
        assertThat(HostileText.noUtf8()).noneMatch(HostileTextTests::isUtf8);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
