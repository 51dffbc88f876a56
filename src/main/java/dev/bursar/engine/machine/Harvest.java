// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the hosts of a job have left is taken away. What is not taken is said in the log of its host, once nothing else
 * writes there.
 */
public final class Harvest implements AutoCloseable {

    private static final int SAID = 100;

    private final Map<Workspace, Leavings> leavings = new LinkedHashMap<>();
    private final Path copy;
    private final boolean living;

    private Harvest(List<Workspace> workspaces, Path folder, long mostBytes, boolean living) {
        workspaces.forEach(workspace -> leavings.put(
                workspace, living ? Leavings.ofLiving(workspace, mostBytes) : Leavings.of(workspace, mostBytes)));
        this.copy = folder.resolve("taken");
        this.living = living;
    }

    /** Once the hosts' processes have ended. */
    public static Harvest of(List<Workspace> workspaces, Path folder, long mostBytes) {
        return new Harvest(workspaces, folder, mostBytes, false);
    }

    /** While they go on. */
    public static Harvest ofLiving(List<Workspace> workspaces, Path folder, long mostBytes) {
        return new Harvest(workspaces, folder, mostBytes, true);
    }

    /** The files in a folder of all hosts, by relative name; when two hosts have the same, the first one's. */
    public SortedMap<String, Leaving> files(Function<Workspace, Path> folder) throws IOException {
        var files = new TreeMap<String, Leaving>();
        filesOfEach(folder).forEach(found -> found.forEach(files::putIfAbsent));
        return files;
    }

    /** The same, host by host. */
    public List<SortedMap<String, Leaving>> filesOfEach(Function<Workspace, Path> folder) throws IOException {
        var found = new ArrayList<SortedMap<String, Leaving>>();
        for (var host : leavings.entrySet()) {
            found.add(host.getValue().below(folder.apply(host.getKey())));
        }
        return found;
    }

    /** A copy that nobody changes; there is one at a time. */
    public Path copy(Leaving leaving) throws IOException {
        try {
            leaving.copyTo(copy);
            return copy;
        } catch (NoSuchFileException e) {
            throw new JobFailure(
                    "ClientError: Artifact upload failed: %s went away while it was taken.".formatted(leaving.named()));
        }
    }

    /** The same of a child that goes on: what it has exchanged or removed meanwhile is left to the next time. */
    public Optional<Path> copyIfStill(Leaving leaving) {
        try {
            leaving.copyTo(copy);
            return Optional.of(copy);
        } catch (IOException exchanged) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(copy);
        if (!living) {
            leavings.forEach(Harvest::say);
        }
    }

    private static void say(Workspace workspace, Leavings leavings) {
        var refused = leavings.refused();
        var lines =
                refused.stream().limit(SAID).map("Not taken: %s."::formatted).toList();
        if (!lines.isEmpty()) {
            try {
                new LogStream(workspace).add(lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
