package dev.bursar.embedded;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** One data folder of PostgreSQL: made once, started and stopped. */
final class PostgreSqlCluster {

    private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlCluster.class);
    private static final String MAJOR_VERSION = "18";
    private static final long LOG_BYTES = 10_000_000;

    private final PrivateFolder folder;
    private final PostgreSqlPrograms programs;
    private final Path data;

    PostgreSqlCluster(PrivateFolder folder, PostgreSqlPrograms programs) {
        this.folder = folder;
        this.programs = programs;
        this.data = folder.file("data");
    }

    /** Made beside its place and moved there when complete, so that a crash leaves no half of a cluster. */
    void initialise(String administratorPassword) {
        if (Files.exists(data)) {
            refuseAnotherVersion();
            return;
        }
        var half = folder.file("initialising");
        try {
            FileSystemUtils.deleteRecursively(half);
            folder.write("password", administratorPassword);
            programs.run("initdb", initdbArguments(half));
            Files.move(half, data);
            Files.delete(folder.file("password"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the database cluster " + data, e);
        }
    }

    void stopLeftover() {
        var postmaster = new Postmaster(data);
        postmaster.living().ifPresent(process -> {
            LOG.info("PostgreSQL (process {}) outlived its service and is restarted", process.pid());
            stop();
        });
        postmaster.forgetIfReplaced();
    }

    /** {@code pg_ctl} gives the server a session of its own. */
    void start(int port) {
        new PostgreSqlConfiguration(port).writeTo(data);
        programs.run("pg_ctl", List.of("start", "-w", "-t", "60", "-s", "-D", data.toString(), "-l", log()));
        LOG.info("PostgreSQL {} listens on 127.0.0.1:{}, its data is in {}", MAJOR_VERSION, port, data);
    }

    void startAgain(int port) {
        new Postmaster(data).forgetIfReplaced();
        start(port);
    }

    Optional<ProcessHandle> process() {
        return new Postmaster(data).living();
    }

    void stop() {
        new Postmaster(data).living().ifPresent(process -> {
            programs.run("pg_ctl", List.of("stop", "-w", "-t", "30", "-s", "-m", "fast", "-D", data.toString()));
            awaitEnd(process);
            LOG.info("PostgreSQL is stopped");
        });
    }

    /** {@code pg_ctl} waits for the pid file to go; the process follows a moment later. */
    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("PostgreSQL (process {}) has shut down but lingers", process.pid());
        }
    }

    private List<String> initdbArguments(Path target) {
        return List.of(
                "--pgdata=" + target,
                "--username=" + PostgreSqlRoles.ADMINISTRATOR,
                "--pwfile=" + folder.file("password"),
                "--auth-host=scram-sha-256",
                "--auth-local=reject",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums");
    }

    private void refuseAnotherVersion() {
        var version = new PrivateFolder(data).read("PG_VERSION").orElse("unknown");
        if (!version.equals(MAJOR_VERSION)) {
            throw new IllegalStateException("The data in " + data + " belongs to PostgreSQL " + version + ", this is "
                    + MAJOR_VERSION + ": move the folder away, or dump and restore it.");
        }
    }

    private String log() {
        var log = folder.file("postgresql.log");
        try {
            if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
                Files.move(log, folder.file("postgresql.log.1"), REPLACE_EXISTING);
            }
        } catch (IOException e) {
            LOG.warn("{} grows on, it cannot be moved", log, e);
        }
        return log.toString();
    }
}
