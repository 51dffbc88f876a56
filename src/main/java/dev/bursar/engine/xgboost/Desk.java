// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.engine.machine.Leavings;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where a JVM that trains one job after another finds the one that it is to do: what is a job's {@code /opt} is moved to
 * where the JVM sees it, and home again when it is done. What the engine needs to find a job's process stays at home.
 */
record Desk(Workspace jvm) {

    private static final int NUMBER = 16;

    /** Whose work lies here. */
    Optional<Workspace> work() throws IOException {
        return Files.exists(note()) ? Optional.of(new Workspace(Path.of(Files.readString(note())))) : Optional.empty();
    }

    /** Claims a job's workspace for the JVM, and brings what lies in it. */
    void lay(Workspace work) throws IOException {
        Files.createDirectory(work.root().resolve("started"));
        Files.writeString(note(), work.root().toString());
        Files.deleteIfExists(exit());
        Files.createFile(work.log());
        Files.createLink(log(), work.log());
        Files.move(work.root().resolve("opt"), place(), StandardCopyOption.ATOMIC_MOVE);
        hand(place());
        hand(log());
        for (var file : new String[] {"program.pid", "wrapper.pid"}) {
            put(work.root().resolve(file), Files.readString(jvm.root().resolve(file)));
        }
    }

    /** Brings it home, with the exit code if it was done. */
    void clear() throws IOException {
        var work = work();
        if (work.isPresent()) {
            var home = work.get().root();
            if (Files.exists(place(), LinkOption.NOFOLLOW_LINKS)) {
                Files.move(place(), home.resolve("opt"), StandardCopyOption.ATOMIC_MOVE);
            }
            var code = Leavings.ofLiving(jvm, NUMBER).text(exit(), NUMBER);
            if (code.isPresent()) {
                put(home.resolve("exit"), code.get());
            }
        }
        Files.deleteIfExists(log());
        Files.deleteIfExists(note());
    }

    boolean isDone() {
        return Files.exists(exit(), LinkOption.NOFOLLOW_LINKS);
    }

    /** The JVM may have a user id of its own. */
    private void hand(Path path) throws IOException {
        var owner = Files.getAttribute(jvm.run(), "unix:uid");
        if (owner.equals(Files.getAttribute(path, "unix:uid"))) {
            return;
        }
        try (var paths = Files.walk(path)) {
            for (var one : paths.toList()) {
                Files.setAttribute(one, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** Whole, though not for ever: what a crash of the machine takes away is done again. */
    private static void put(Path file, String content) throws IOException {
        var temporary = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path note() {
        return jvm.root().resolve("task");
    }

    private Path place() {
        return jvm.run().resolve("opt");
    }

    private Path log() {
        return jvm.run().resolve("log");
    }

    private Path exit() {
        return jvm.run().resolve("exit");
    }
}
