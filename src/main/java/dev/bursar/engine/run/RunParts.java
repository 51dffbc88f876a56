// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import dev.bursar.engine.container.Programs;
import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.Enclosure;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.nastiness.Moods;
import dev.bursar.engine.s3.ObjectStore;
import dev.bursar.engine.store.Estate;
import dev.bursar.engine.wire.Account;
import dev.bursar.engine.xgboost.WarmJvms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** What all runs share. */
public record RunParts(
        Path folder,
        Account account,
        Clock clock,
        int childMemoryMb,
        Estate estate,
        Hosts hosts,
        ObjectStore store,
        Programs programs,
        Path childScript,
        Enclosure enclosure,
        WarmJvms warm,
        Runs runs,
        Moods moods) {

    private static final long NEEDED = 1L << 30;

    public boolean isClosing() {
        return runs.isClosing();
    }

    boolean hasDiskSpace() {
        return free() >= NEEDED;
    }

    String diskSituation() {
        return "Waiting for disk space: %d MB free, %d MB needed".formatted(free() >> 20, NEEDED >> 20);
    }

    /** Has a warm JVM train in a workspace, on record in the same way. */
    public Child warmChild(String owner, Workspace workspace) throws IOException {
        var line = "%s %s %s".formatted(clock.instant(), owner, workspace.host());
        return warm.start(workspace, folder.resolve("children.log"), line);
    }

    /** Starts a program in a workspace, on record in the log of children. */
    public Child child(String owner, Workspace workspace, Program program, Map<String, String> given) {
        var line = "%s %s %s".formatted(clock.instant(), owner, workspace.host());
        var environment = new HashMap<>(given);
        environment.put("AWS_REGION", account.region());
        environment.put("AWS_DEFAULT_REGION", account.region());
        environment.put("CURRENT_HOST", workspace.host());
        return Child.start(
                workspace, childScript, folder.resolve("children.log"), line, program, environment, enclosure);
    }

    private long free() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
