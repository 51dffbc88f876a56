// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.Enclosure;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Reasons;
import dev.bursar.engine.machine.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JVMs that have XGBoost loaded and wait for work, so that a trial does not wait for a JVM. Each is a child like any
 * other; one that is asked to end, or made to, is lost with the job it works on, and the next job gets another.
 */
public final class WarmJvms implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WarmJvms.class);
    private static final int PATIENCE = 30_000;
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final Path folder;
    private final Path childScript;
    private final ChildJvm jvm;
    private final Enclosure enclosure;
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final ScheduledExecutorService janitor = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "engine-janitor");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> sweep;

    /** A connection to a JVM. */
    private record Worker(Workspace workspace, Socket socket, Instant since) {

        Desk desk() {
            return new Desk(workspace);
        }

        boolean isGone() {
            return new Child(workspace).exitCode().isPresent();
        }
    }

    public WarmJvms(Path folder, Path childScript, ChildJvm jvm, Enclosure enclosure) throws IOException {
        this.folder = folder.resolve("warm");
        this.childScript = childScript;
        this.jvm = jvm;
        this.enclosure = enclosure;
        Files.createDirectories(this.folder);
        try (var left = Files.list(this.folder)) {
            left.filter(Files::isDirectory).forEach(this::bringHome);
        }
        sweep = janitor.scheduleWithFixedDelay(this::endIdle, IDLE.toSeconds(), IDLE.toSeconds() / 4, TimeUnit.SECONDS);
    }

    /** Has a JVM train in a workspace; the line and the JVM's pid are added to the log of children. */
    public Child start(Workspace workspace, Path childrenLog, String line) throws IOException {
        var worker = takeIdle();
        if (worker == null) {
            worker = open();
        }
        var pid = Files.readString(worker.workspace().root().resolve("program.pid"))
                .strip();
        Files.writeString(childrenLog, line + " " + pid + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            worker.desk().lay(workspace);
        } catch (FileAlreadyExistsException givenUp) {
            putIdle(worker);
            throw new JobFailure("InternalServerError: The engine died as it was starting the job's processes.");
        }
        worker.socket().getOutputStream().write("train\n".getBytes(StandardCharsets.UTF_8));
        return new Child(workspace);
    }

    /** What an engine before this one left has lost its connection: it does what it has begun, and ends by itself. */
    @SuppressWarnings("FutureReturnValueIgnored") // It says itself what goes wrong.
    private void bringHome(Path left) {
        var workspace = new Workspace(left.toAbsolutePath());
        var desk = new Desk(workspace);
        try {
            if (desk.work().isPresent()
                    && !desk.isDone()
                    && new Child(workspace).exitCode().isEmpty()) {
                janitor.schedule(() -> bringHome(left), 200, TimeUnit.MILLISECONDS);
                return;
            }
            desk.clear();
            Durable.delete(left);
        } catch (IOException | UncheckedIOException e) {
            log.warn("jvm={} left something that cannot be brought home; its job is lost", workspace.host(), e);
        }
    }

    @Override
    public synchronized void close() {
        sweep.cancel(false);
        janitor.shutdownNow();
        idle.forEach(WarmJvms::end);
        idle.clear();
    }

    private synchronized @Nullable Worker takeIdle() {
        for (var worker = idle.pollLast(); worker != null; worker = idle.pollLast()) {
            if (!worker.isGone()) {
                return worker;
            }
            end(worker);
        }
        return null;
    }

    private synchronized void putIdle(Worker worker) {
        if (janitor.isShutdown()) {
            end(worker);
        } else {
            idle.addLast(worker);
        }
    }

    private synchronized void endIdle() {
        while (!idle.isEmpty() && idle.peekFirst().since().plus(IDLE).isBefore(Instant.now())) {
            end(idle.pollFirst());
        }
    }

    private Worker open() throws IOException {
        var workspace = new Workspace(folder.resolve("jvm-" + UUID.randomUUID()).toAbsolutePath());
        workspace.create();
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(PATIENCE);
            Child.start(
                    workspace,
                    childScript,
                    folder.resolve("children.log"),
                    "warm " + workspace.host(),
                    new WarmProgram(jvm, listener.getLocalPort()),
                    Map.of(),
                    enclosure);
            var worker = new Worker(workspace, listener.accept(), Instant.now());
            var reader = new Thread(() -> awaitDone(worker), "engine-" + workspace.host());
            reader.setDaemon(true);
            reader.start();
            return worker;
        } catch (IOException e) {
            throw new IOException("no JVM with XGBoost could be started: " + Reasons.tail(workspace), e);
        }
    }

    /** Whenever the JVM says that it is done, it waits for the next job. */
    private void awaitDone(Worker worker) {
        try (var lines =
                new BufferedReader(new InputStreamReader(worker.socket().getInputStream(), StandardCharsets.UTF_8))) {
            while (lines.readLine() != null) {
                worker.desk().clear();
                putIdle(new Worker(worker.workspace(), worker.socket(), Instant.now()));
            }
        } catch (IOException closed) {
            log.debug("jvm={} is gone", worker.workspace().host());
        }
        try {
            worker.desk().clear();
        } catch (IOException e) {
            log.warn(
                    "jvm={} has died, and its work cannot be brought home",
                    worker.workspace().host(),
                    e);
        }
    }

    private static void end(Worker worker) {
        try {
            worker.socket().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
