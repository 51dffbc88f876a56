// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Pause;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
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
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final ScheduledExecutorService janitor = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "engine-janitor");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> sweep;
    private int started;

    /** A connection to a JVM. */
    private record Worker(Workspace workspace, Socket socket, Instant since) {

        boolean isGone() {
            return new Child(workspace).exitCode().isPresent();
        }
    }

    public WarmJvms(Path folder, Path childScript, ChildJvm jvm) {
        this.folder = folder.resolve("warm");
        this.childScript = childScript;
        this.jvm = jvm;
        // What an engine before this one left has lost its connection and ends by itself.
        Durable.delete(this.folder);
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
        worker.socket().getOutputStream().write((workspace.root() + "\n").getBytes(StandardCharsets.UTF_8));
        var child = new Child(workspace);
        awaitClaim(workspace, worker);
        return child;
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
        var workspace = new Workspace(folder.resolve("jvm-" + next()).toAbsolutePath());
        workspace.create();
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(PATIENCE);
            Child.start(
                    workspace,
                    childScript,
                    folder.resolve("children.log"),
                    "warm " + workspace.host(),
                    new WarmProgram(jvm, listener.getLocalPort()),
                    Map.of());
            var worker = new Worker(workspace, listener.accept(), Instant.now());
            var reader = new Thread(() -> awaitDone(worker), "engine-" + workspace.host());
            reader.setDaemon(true);
            reader.start();
            return worker;
        } catch (IOException e) {
            throw new IOException("no JVM with XGBoost could be started: " + Reasons.tail(workspace), e);
        }
    }

    private synchronized int next() {
        return ++started;
    }

    /** Whenever the JVM says that it is done, it waits for the next job. */
    private void awaitDone(Worker worker) {
        try (var lines =
                new BufferedReader(new InputStreamReader(worker.socket().getInputStream(), StandardCharsets.UTF_8))) {
            while (lines.readLine() != null) {
                putIdle(new Worker(worker.workspace(), worker.socket(), Instant.now()));
            }
        } catch (IOException closed) {
            log.debug("jvm={} is gone", worker.workspace().host());
        }
    }

    private static void awaitClaim(Workspace workspace, Worker worker) {
        var until = Instant.now().plusMillis(PATIENCE);
        while (!Files.exists(workspace.root().resolve("wrapper.pid"))) {
            if (worker.isGone() || Instant.now().isAfter(until)) {
                throw new JobFailure("InternalServerError: The JVM that was to train has died.");
            }
            Pause.tiny();
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
