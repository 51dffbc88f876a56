// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineMainTests {

    @TempDir
    private Path folder;

    @Test
    void makesItsKeysOnceAndKeepsThemPrivate() throws Exception {
        var first = EngineSettings.in(folder);
        var second = EngineSettings.in(folder);

        assertThat(second.secretAccessKey()).isEqualTo(first.secretAccessKey());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys.properties"))))
                .isEqualTo("rw-------");
        assertThat(first.toString()).doesNotContain(first.secretAccessKey());
    }

    @Test
    void takesOptionsAndTheKeysOfTheEnvironment() {
        var settings = Objects.requireNonNull(EngineMain.parse(
                new String[] {"engine", "--folder", folder.toString(), "--port", "0", "--region", "eu-west-1"},
                Map.of("AWS_ACCESS_KEY_ID", "AKIAMINE", "AWS_SECRET_ACCESS_KEY", "mine", "AWS_REGION", "us-east-2")));

        assertThat(settings.port()).isZero();
        assertThat(settings.s3Port()).isEqualTo(8082);
        assertThat(settings.region()).isEqualTo("eu-west-1");
        assertThat(settings.accessKeyId()).isEqualTo("AKIAMINE");
    }

    @Test
    void doesNotGuessWhatAnUnknownOptionMeans() {
        assertThat(EngineMain.parse(new String[] {"--gpus", "4"}, Map.of())).isNull();
        assertThat(EngineMain.parse(new String[] {"--folder", folder.toString(), "--port", "many"}, Map.of()))
                .isNull();
    }
}
