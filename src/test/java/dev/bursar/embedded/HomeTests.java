package dev.bursar.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTests {

    @TempDir
    Path parent;

    @Test
    void drawsASecretOnceAndHidesIt() throws IOException {
        var home = parent.resolve("home");
        String drawn;
        try (var service = Home.open(home)) {
            drawn = service.secret("password", "");
        }

        try (var service = Home.open(home)) {
            assertThat(service.secret("password", null)).isEqualTo(drawn).hasSize(48);
            assertThat(service.secret("password", "chosen")).isEqualTo("chosen");
        }
        assertThat(mode(home)).isEqualTo("rwx------");
        assertThat(mode(home.resolve("secrets/password"))).isEqualTo("rw-------");
    }

    @Test
    void drawsEachSecretAnew() {
        try (var one = Home.open(parent.resolve("one"));
                var two = Home.open(parent.resolve("two"))) {
            assertThat(one.secret("password", null)).isNotEqualTo(two.secret("password", null));
        }
    }

    @Test
    void keepsASecondServiceOut() {
        try (var first = Home.open(parent)) {
            assertThatThrownBy(() -> Home.open(parent))
                    .isInstanceOf(HomeInUse.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining(first.folder().path().toString())
                    .hasMessageContaining("BURSAR_HOME");
        }

        Home.open(parent).close();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
