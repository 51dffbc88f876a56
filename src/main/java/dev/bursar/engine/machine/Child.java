// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A process of its own session, known by the files in its workspace only, so that it is the same whether this engine
 * started it or one that was killed. It runs at most once per workspace.
 */
public final class Child {

    /** The exit code of a child that vanished without leaving one: killed with its session, or the machine went down. */
    public static final int LOST = -1;

    private static final int KILLED = 137;
    private static final String LOG_LIMIT = String.valueOf(100L * 1024 * 1024);
    private static final Duration LINGERING = Duration.ofSeconds(3);

    private final Workspace workspace;
    private boolean killed;

    public Child(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Starts a command; the line and the child's pid are added to the log of children. */
    public static Child start(
            Workspace workspace,
            Path script,
            Path childrenLog,
            String line,
            Program program,
            Map<String, String> given,
            Enclosure enclosure) {
        try {
            var command = new ArrayList<>(session());
            command.addAll(List.of("sh", script.toString(), workspace.root().toString(), childrenLog.toString(), line));
            command.addAll(List.of(LOG_LIMIT, String.valueOf(program.memoryKb()), String.valueOf(program.diskKb())));
            command.add(enclosure.stands() ? "walled" : "open");
            var becoming = new ArrayList<>(
                    List.of("sh", script.resolveSibling("become.sh").toString()));
            becoming.addAll(program.command(workspace));
            command.addAll(enclosure.command(workspace, becoming));
            var builder = new ProcessBuilder(command);
            var machine = Variables.ofTheMachine(builder.environment());
            var variables = new HashMap<>(machine);
            given.forEach((name, value) -> {
                if (program.takes(name)) {
                    variables.put(name, value);
                }
            });
            variables.put("HOME", workspace.home().toString());
            variables.put("TMPDIR", workspace.tmp().toString());
            variables.putAll(program.environment(workspace));
            variables.putAll(enclosure.environment(workspace, variables));
            builder.environment().clear();
            builder.environment().putAll(Variables.onTheWay(machine, variables));
            builder.directory(workspace.root().toFile());
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.start().getOutputStream().close();
            return new Child(workspace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** macOS has no setsid, but a Perl that can do it. */
    private static List<String> session() {
        return Executables.find("setsid").isPresent()
                ? List.of("setsid")
                : List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV");
    }

    /** Whether it was ever started; if not, it never will be. */
    public boolean wasStarted(Duration patience) {
        var until = Instant.now().plus(patience);
        while (Instant.now().isBefore(until) && pid("wrapper.pid").isEmpty()) {
            Pause.brief();
        }
        var claim = workspace.root().resolve("started");
        try {
            // The name by which a child claims its workspace: whoever comes second gives up. A file instead of a
            // child's
            // folder says that no child is to come, also to an engine that comes after this one.
            Files.createFile(claim);
            return false;
        } catch (IOException taken) {
            return Files.isDirectory(claim);
        }
    }

    /** The exit code, once the child has ended and its log is complete. */
    public OptionalInt exitCode() {
        var exit = number("exit");
        if (exit.isPresent()) {
            return exit;
        }
        if (killed && wrapper().isEmpty()) {
            return OptionalInt.of(number("code").orElse(KILLED));
        }
        // In this order: a child that begins between the two looks has not ended.
        if (pid("wrapper.pid").isPresent() && wrapper().isEmpty()) {
            // Between the two looks it may have ended properly.
            return OptionalInt.of(number("exit").orElse(number("code").orElse(LOST)));
        }
        endLingering();
        return OptionalInt.empty();
    }

    /** When the child ended, if it left word. */
    public Optional<Instant> endedAt() {
        try {
            return Optional.of(
                    Files.getLastModifiedTime(workspace.root().resolve("exit")).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Asks the program to end, as Docker does with a container's first process; whether there was one to ask. */
    public boolean terminate() {
        var program = pid("program.pid");
        program.ifPresent(pid -> signal("TERM", String.valueOf(pid)));
        return program.isPresent();
    }

    /** Ends the whole session, or sees to it that it never begins. */
    public void kill() {
        if (wasStarted(Duration.ofSeconds(1))) {
            wrapper().ifPresent(handle -> signal("KILL", "-" + handle.pid()));
        }
        killed = true;
    }

    /** A process left behind in the background holds the log open; in a container it would have died with the first. */
    private void endLingering() {
        try {
            var code = workspace.root().resolve("code");
            if (Files.exists(code)
                    && Files.getLastModifiedTime(code)
                            .toInstant()
                            .plus(LINGERING)
                            .isBefore(Instant.now())) {
                kill();
            }
        } catch (IOException justGone) {
            // It was renamed to exit.
            return;
        }
    }

    /** The session's first process, unless its pid has been given to another since. */
    private Optional<ProcessHandle> wrapper() {
        return pid("wrapper.pid")
                .flatMap(ProcessHandle::of)
                .filter(Child::isRunning)
                .filter(this::isOurs);
    }

    /** Not dead, and not dead but for a parent that never asked: in a container often nobody reaps orphans. */
    private static boolean isRunning(ProcessHandle handle) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(handle.pid()), "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (IOException noProc) {
            return handle.isAlive();
        }
    }

    private boolean isOurs(ProcessHandle handle) {
        try {
            var written = Files.getLastModifiedTime(workspace.root().resolve("wrapper.pid"))
                    .toInstant();
            return handle.info()
                    .startInstant()
                    .map(started -> started.isBefore(written.plusSeconds(2)))
                    .orElse(true);
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<Long> pid(String file) {
        try {
            return Optional.of(Long.parseLong(
                    Files.readString(workspace.root().resolve(file)).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private OptionalInt number(String file) {
        return pid(file).map(value -> OptionalInt.of(value.intValue())).orElse(OptionalInt.empty());
    }

    private static void signal(String name, String target) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + target + " 2>/dev/null")
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
