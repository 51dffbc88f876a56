// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a child finds around itself: an empty root folder with the names of what it is shown, all of it read-only, and
 * its own workspace where a container has it.
 *
 * @param folder the engine's
 * @param memoryMb bound on what a child may keep in shared memory
 */
record Surroundings(Path folder, Openings shown, int memoryMb) {

    /** Processes and threads of one child. */
    private static final int PROCESSES = 1024;

    /** Where the engine's own programs for children are found. */
    static final String PROGRAMS = "/opt/bursar";

    /**
     * Makes the folder with the names. One that is there stays as it is: a child of an engine before this one may live in
     * it, and would lose what is laid over a name that is taken away.
     */
    static Surroundings lay(Path folder, Openings shown, int memoryMb) throws IOException {
        var surroundings = new Surroundings(folder, shown, memoryMb);
        Files.createDirectories(nothing(folder));
        if (!Files.exists(surroundings.root())) {
            var unfinished = folder.resolve("walls").resolve("unfinished");
            Durable.delete(unfinished);
            surroundings.furnish(unfinished);
            Files.move(unfinished, surroundings.root(), StandardCopyOption.ATOMIC_MOVE);
        }
        return surroundings;
    }

    private void furnish(Path root) throws IOException {
        for (var name : List.of("proc", "dev/shm", "opt/ml", "opt/bursar", "tmp", "run", "home/job", "etc")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/home/job:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        for (var link : shown.links().entrySet()) {
            Files.createSymbolicLink(root.resolve(link.getKey().substring(1)), link.getValue());
        }
        Files.createFile(root.resolve("opt/bursar/self"));
        for (var opening : shown.list()) {
            place(root, opening);
        }
    }

    /** Another set of names is another folder. */
    Path root() {
        var names = shown.links() + shown.list().toString();
        return folder.resolve("walls").resolve("root-" + Integer.toHexString(names.hashCode()));
    }

    /** What is laid over what must not be seen. */
    static Path nothing(Path folder) {
        return folder.resolve("walls").resolve("nothing");
    }

    Path script(String name) {
        return folder.resolve(name);
    }

    String processes() {
        return String.valueOf(PROCESSES);
    }

    /** Everything that is laid into the root folder for one child, in order. */
    List<Opening> openings(Workspace workspace) throws IOException {
        var own = openingsOf(workspace);
        var all = new ArrayList<>(own);
        for (var opening : shown.list()) {
            all.add(opening);
            for (var around : own) {
                if (opening.isBelow(around)) {
                    // Its name must be there once the workspace's folder lies over the root's.
                    var relative = opening.target().substring(around.target().length() + 1);
                    place(around.source(), new Opening(opening.source(), "/" + relative, opening.kind()));
                }
            }
        }
        all.sort(Comparator.comparing(Opening::target));
        return all;
    }

    /** What of its workspace a child has, and where. */
    static List<Opening> openingsOf(Workspace workspace) {
        return List.of(
                Opening.writable(workspace.opt(), "/opt/ml"),
                Opening.writable(workspace.home(), "/home/job"),
                Opening.writable(workspace.tmp(), "/tmp"),
                Opening.writable(workspace.run(), "/run"));
    }

    private static void place(Path root, Opening opening) throws IOException {
        var target = root.resolve(opening.target().substring(1));
        if (Files.exists(target)) {
            return;
        }
        if (opening.isFolder()) {
            Files.createDirectories(target);
        } else {
            Files.createDirectories(Durable.parent(target));
            Files.createFile(target);
        }
    }
}
