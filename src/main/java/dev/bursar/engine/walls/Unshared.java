// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Namespaces made by {@code unshare} of util-linux, with mounts that are laid one over another.
 *
 * @param asOthers each child has a user id of its own that nobody else has; only root can arrange that. Else it keeps
 *     the service's, in a user namespace.
 */
record Unshared(Surroundings surroundings, boolean asOthers) implements Way {

    /** Ids that no installation gives to people; one workspace always gets the same. */
    private static final int FIRST_ID = 1_000_000_000;

    /** What root may write there without a capability, were it only root in a namespace of its own. */
    private static final List<String> COVERED = List.of("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi");

    private static final String NO_DEVICE = "nosuid,nodev";

    @Override
    public String name() {
        return asOthers ? "unshare, with a user id for each" : "unshare, in a user namespace";
    }

    @Override
    public List<String> entrance(Workspace workspace) throws IOException {
        var mounts = workspace.root().resolve("mounts");
        Files.writeString(mounts, String.join("\n", table(workspace)) + "\n");
        var entrance = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child"));
        // What is taken from the machine while a child runs is taken from the child, too.
        entrance.addAll(List.of("--propagation", "slave"));
        if (!asOthers) {
            entrance.addAll(List.of("--user", "--map-root-user"));
        }
        entrance.addAll(List.of("sh", surroundings.script("walls.sh").toString()));
        entrance.add(mounts.toString());
        entrance.add(surroundings.root().toString());
        entrance.add(asOthers ? String.valueOf(id(workspace)) : "same");
        entrance.add(workspace.root().toString());
        entrance.add(surroundings.processes());
        return entrance;
    }

    private static int id(Workspace workspace) {
        return FIRST_ID + Math.floorMod(workspace.root().toString().hashCode(), FIRST_ID);
    }

    /** An fstab: the empty root first, then everything that is laid into it. */
    private List<String> table(Workspace workspace) throws IOException {
        var root = surroundings.root();
        var lines = new ArrayList<String>();
        lines.add(line(root, "", "bind,ro," + NO_DEVICE));
        lines.add(entry("tmpfs", "/dev/shm", "tmpfs", NO_DEVICE + ",size=" + surroundings.memoryMb() + "m"));
        lines.add(entry("proc", "/proc", "proc", NO_DEVICE + ",noexec"));
        for (var name : COVERED) {
            if (!asOthers && Files.exists(Path.of("/proc", name))) {
                lines.add(line(root.resolve("proc").resolve(name), "/proc/" + name, "bind,ro,noexec," + NO_DEVICE));
            }
        }
        for (var opening : surroundings.openings(workspace)) {
            lines.add(line(opening.source(), opening.target(), options(opening)));
            for (var below :
                    opening.kind() == Opening.Kind.READABLE ? mountedBelow(opening.source()) : List.<Path>of()) {
                var target = opening.target() + "/" + opening.source().relativize(below);
                lines.add(line(below, target, "bind,ro," + NO_DEVICE));
            }
        }
        return lines;
    }

    private static String options(Opening opening) {
        return switch (opening.kind()) {
            case DEVICE -> "bind,nosuid,noexec";
            case READABLE -> (opening.isFolder() ? "rbind" : "bind") + ",ro,nofail," + NO_DEVICE;
            case WRITABLE -> "bind," + NO_DEVICE;
        };
    }

    /** A mount below a folder comes with it, but not the walls around it: each is made unwritable by itself. */
    private static List<Path> mountedBelow(Path folder) throws IOException {
        try (var mounts = Files.lines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
            return mounts.map(line -> line.split(" ", 6)[4].replace("\\040", " "))
                    .filter(point -> point.startsWith(folder + "/"))
                    .map(Path::of)
                    .sorted()
                    .toList();
        }
    }

    private String line(Path source, String target, String options) {
        return entry(source.toString(), target, "none", options);
    }

    private String entry(String source, String target, String type, String options) {
        return "%s %s %s %s 0 0".formatted(escaped(source), escaped(surroundings.root() + target), type, options);
    }

    private static String escaped(String path) {
        return path.replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
