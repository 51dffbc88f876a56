package dev.bursar.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.LabId;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTests {

    private static final long LIMIT = 80L * 1024 * 1024;
    private static final LocalS3 s3 = LocalS3.start();

    private final Store store = s3.storeOf(LabId.of("lab-" + new Random().nextInt(1, 1_000_000)));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Upload.SMALL_BYTES, Upload.READ_PART_BYTES, Upload.READ_PART_BYTES + 1, 70_000_000})
    void givesBackTheBytesItTook(int length) throws IOException {
        var bytes = bytes(length);

        assertThat(upload("known").send(new ByteArrayInputStream(bytes), length))
                .isEqualTo(length);
        assertThat(upload("unknown").send(new ByteArrayInputStream(bytes), -1)).isEqualTo(length);

        assertThat(content("known")).isEqualTo(bytes);
        assertThat(content("unknown")).isEqualTo(bytes);
        assertThat(s3.unfinishedUploads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b/c+d=e.csv", "deep/er/and/deeper.txt", "..."})
    void takesEveryPathThatIsAllowed(String path) throws IOException {
        upload(FilePath.of(path).value()).send(new ByteArrayInputStream(bytes(10)), 10);

        assertThat(content(path)).isEqualTo(bytes(10));
        assertThat(store.find(key(path))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5_000_000, 20_000_000})
    void keepsNothingOfAnUploadThatWasCutOff(int arrived) {
        assertCutOff(() -> upload("x").send(new ByteArrayInputStream(bytes(arrived)), 30_000_000));
        assertCutOff(() -> upload("x").send(breaking(arrived), 30_000_000));
        assertCutOff(() -> upload("x").send(breaking(arrived), -1));

        assertThat(store.list(store.root(), null, 10)).isEmpty();
        assertThat(s3.keys(LocalS3.BUCKET)).noneMatch(key -> key.contains(store.root()));
        assertThat(s3.unfinishedUploads()).isZero();
    }

    @Test
    void leavesTheOlderFileWhenItsReplacementIsCutOff() throws IOException {
        upload("x").send(new ByteArrayInputStream(bytes(10)), 10);

        assertCutOff(() -> upload("x").send(breaking(20_000_000), -1));
        assertCutOff(() -> upload("x").send(breaking(1_000_000), 30_000_000));

        assertThat(content("x")).isEqualTo(bytes(10));
    }

    @Test
    void refusesWhatIsTooLarge() {
        assertTooLarge(() -> upload("x").send(InputStream.nullInputStream(), LIMIT + 1));
        assertTooLarge(() -> upload("x").send(new Endless(), -1));
        assertTooLarge(
                () -> new Upload(store, key("x"), "text/csv", 100).send(new ByteArrayInputStream(bytes(101)), -1));

        assertThat(store.list(store.root(), null, 10)).isEmpty();
        assertThat(s3.unfinishedUploads()).isZero();
    }

    @Test
    void deletesEverythingUnderAPrefix() {
        for (int at = 0; at < 3; at++) {
            upload("folder/" + at).send(new ByteArrayInputStream(bytes(at)), at);
        }

        assertThat(store.deleteAll(store.prefix("data"))).isEqualTo(3);
        assertThat(store.list(store.root(), null, 10)).isEmpty();
    }

    private Upload upload(String path) {
        return new Upload(store, key(path), "text/csv", LIMIT);
    }

    private String key(String path) {
        return store.prefix("data") + path;
    }

    private byte[] content(String path) throws IOException {
        try (var file = store.open(key(path), null).orElseThrow()) {
            assertThat(file.response().contentType()).isEqualTo("text/csv");
            return file.readAllBytes();
        }
    }

    private static void assertCutOff(org.assertj.core.api.ThrowableAssert.ThrowingCallable upload) {
        assertThatThrownBy(upload)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.INVALID_REQUEST))
                .hasMessageContaining("nothing was kept");
    }

    private static void assertTooLarge(org.assertj.core.api.ThrowableAssert.ThrowingCallable upload) {
        assertThatThrownBy(upload)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.TOO_LARGE));
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static InputStream breaking(int after) {
        return new Breaking(new ByteArrayInputStream(bytes(after)));
    }

    /** A connection that breaks off. */
    private static final class Breaking extends FilterInputStream {

        Breaking(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return whole(super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int most) throws IOException {
            return whole(super.read(bytes, offset, most));
        }

        private static int whole(int result) throws IOException {
            if (result < 0) {
                throw new IOException("connection reset");
            }
            return result;
        }
    }

    private static final class Endless extends InputStream {

        @Override
        public int read() {
            return 7;
        }

        @Override
        public int read(byte[] bytes, int offset, int most) {
            return most;
        }
    }
}
