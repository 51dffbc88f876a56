package dev.bursar.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code initdb} and {@code pg_ctl}. Both refuse to work for root; root calls them in a user namespace without
 * any mapping ({@code unshare -U}), where they see an ordinary user and still own root's files.
 */
record PostgreSqlPrograms(Path folder) {

    private static final long PATIENCE_SECONDS = 90;

    void run(String program, List<String> arguments) {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        var outcome = run(command);
        if (outcome.status() != 0) {
            throw new PostgreSqlRefused(program, outcome.output(), isRoot());
        }
    }

    /** The output goes to a file and not to a pipe, which a postmaster would keep open. */
    private static Outcome run(List<String> command) {
        try {
            var output = Files.createTempFile("bursar-postgresql", ".log");
            try {
                var process = start(command, output);
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return new Outcome(-1, "no answer within " + PATIENCE_SECONDS + " s");
                }
                return new Outcome(process.exitValue(), new String(Files.readAllBytes(output), UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + command.get(0), e);
        }
    }

    private static Process start(List<String> command, Path output) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        var process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private record Outcome(int status, String output) {}
}
