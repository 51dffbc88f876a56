// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.DiskBound;
import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.LogStream;
import dev.bursar.engine.machine.Pause;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The hosts of one job: their folders, their processes, and what comes out of them. */
final class Cluster {

    private static final Duration PROMPT = Duration.ofMillis(1500);

    private final Assignment assignment;
    private final Path folder;
    private final List<Workspace> workspaces = new ArrayList<>();
    private final Map<Workspace, Child> children = new HashMap<>();
    private final DiskBound disk;

    Cluster(Assignment assignment) {
        this.assignment = assignment;
        this.folder = assignment.folder();
        this.disk = new DiskBound(assignment.diskBytes());
    }

    /** Whether processes were, or may have been, started: by this engine or by one before it. */
    boolean wasLaunched() {
        return Files.exists(folder.resolve("launched"));
    }

    void download(Program program, Runnable attend) throws IOException {
        lay(program.processes(assignment.hosts()));
        for (int number = 0; number < workspaces.size(); number++) {
            try {
                assignment.deliver(workspaces.get(number), number, workspaces.size(), attend);
            } catch (FileSystemException e) {
                throw JobFailure.unstorable("The input", e);
            }
        }
    }

    void start(Program program) throws IOException {
        for (var workspace : workspaces) {
            program.prepare(workspace);
        }
        Durable.write(folder.resolve("launched"), String.valueOf(workspaces.size()));
        for (var workspace : workspaces) {
            children.put(workspace, assignment.start(workspace, program));
        }
    }

    /** Has the assignment look after what the processes write. */
    void attend() throws IOException {
        var exceeded = disk.exceeded(workspaces);
        if (exceeded.isPresent()) {
            Durable.write(folder.resolve("full"), exceeded.get());
            kill();
        }
        assignment.attend(workspaces);
    }

    /** Takes over processes that an earlier engine started. */
    void adopt() throws IOException {
        lay(Integer.parseInt(Files.readString(folder.resolve("launched")).strip()));
        workspaces.forEach(workspace -> children.put(workspace, new Child(workspace)));
        for (var child : children.values()) {
            if (!child.wasStarted(Duration.ofSeconds(2))) {
                kill();
                throw new JobFailure("InternalServerError: The engine died as it was starting the job's processes.");
            }
        }
    }

    /** Notes the logs' growth; true when all processes have ended. If one fails, the others are ended. */
    boolean hasEnded(Instant now) {
        workspaces.forEach(workspace -> new LogStream(workspace).mark(now));
        var codes = children.values().stream().map(Child::exitCode).toList();
        if (codes.stream().anyMatch(code -> code.isPresent() && code.getAsInt() != 0)) {
            children.values().stream()
                    .filter(child -> child.exitCode().isEmpty())
                    .forEach(Child::kill);
        }
        if (codes.stream().allMatch(OptionalInt::isPresent)) {
            workspaces.forEach(workspace -> new LogStream(workspace).mark(now));
            return true;
        }
        return false;
    }

    /** When the last process ended, by the engine's clock, as long as that is not before the job began. */
    Optional<Instant> endedAt(Instant now, Optional<Instant> start) {
        return children.values().stream()
                .flatMap(child -> child.endedAt().stream())
                .max(Comparator.naturalOrder())
                .map(at -> now.minus(Duration.between(at, Instant.now())))
                .filter(at -> start.isPresent() && at.isAfter(start.get()));
    }

    /** Whether all processes are there and have been asked. */
    boolean terminate() {
        return children.values().stream().map(Child::terminate).reduce(true, Boolean::logicalAnd);
    }

    void kill() {
        children.values().forEach(Child::kill);
    }

    void stopPromptly() {
        var asked = terminate();
        var until = Instant.now().plus(PROMPT);
        while (Instant.now().isBefore(until)
                && children.values().stream().anyMatch(child -> child.exitCode().isEmpty())) {
            asked = asked || terminate();
            Pause.brief();
        }
        kill();
    }

    void markOverdue() {
        Durable.write(folder.resolve("overdue"), "MaxRuntimeExceeded");
    }

    boolean wasOverdue() {
        return Files.exists(folder.resolve("overdue"));
    }

    void requireSuccess(Program program) throws IOException {
        if (Files.exists(folder.resolve("full"))) {
            throw new JobFailure(Files.readString(folder.resolve("full")));
        }
        for (var workspace : workspaces) {
            var code = children.get(workspace);
            var exit = code == null ? 0 : code.exitCode().orElse(Child.LOST);
            if (exit == Child.LOST) {
                throw new JobFailure("InternalServerError: The process of %s was lost: it or the machine was ended"
                                .formatted(workspace.host())
                        + " while no engine watched.");
            }
            if (exit != 0 && workspace.hasFailedWalls()) {
                throw new JobFailure("InternalServerError: The engine could not confine the process of %s."
                        .formatted(workspace.host()));
            }
            if (exit != 0) {
                throw new JobFailure(program.failureReason(workspace, exit));
            }
        }
    }

    void upload(Instant now) throws IOException {
        assignment.collect(workspaces);
        // What was not taken has been said there.
        workspaces.forEach(workspace -> new LogStream(workspace).mark(now));
    }

    private void lay(int count) {
        workspaces.clear();
        IntStream.rangeClosed(1, count)
                .mapToObj(number -> new Workspace(
                        folder.resolve("hosts").resolve("algo-" + number).toAbsolutePath()))
                .forEach(workspaces::add);
    }
}
