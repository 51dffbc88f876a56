// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTests {

    @TempDir
    Path folder;

    private Workspace workspace = new Workspace(Path.of("algo-1"));

    @BeforeEach
    void layAWorkspace() throws IOException {
        workspace = new Workspace(folder.resolve("algo-1"));
        workspace.create();
    }

    @Test
    void isGivenUpByEveryEngineOnceOneHasGivenItUp() {
        assertThat(new Child(workspace).wasStarted(Duration.ZERO)).isFalse();
        assertThat(new Child(workspace).wasStarted(Duration.ZERO)).isFalse();
    }

    @Test
    void cannotBeginOnceItIsGivenUp() {
        new Child(workspace).wasStarted(Duration.ZERO);

        assertThatThrownBy(() -> Files.createDirectory(workspace.root().resolve("started")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void isNotGivenUpOnceItHasBegun() throws IOException {
        Files.createDirectory(workspace.root().resolve("started"));

        assertThat(new Child(workspace).wasStarted(Duration.ZERO)).isTrue();
    }
}
