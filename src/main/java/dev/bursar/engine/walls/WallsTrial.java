// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Builds walls once and looks from behind them: what must be seen is, what must not be is not. */
record WallsTrial(Way way, Path folder, Interpreters interpreters) {

    private static final int PATIENCE = 30;
    private static final int SHUT_IN = 42;

    /** The first processes have the first numbers where nobody else's are seen. */
    private static final String LOOK = """
            [ ! -e "$1/trial/secret" ] || exit 3
            [ "$$" -lt 10 ] || exit 4
            echo written > /opt/ml/written || exit 5
            [ -x "$2" ] || exit 6
            [ -z "$3" ] || "$3" -c pass || exit 7
            exit 42
            """;

    /** Why children cannot be shut in in this way. */
    Optional<String> problem() throws IOException {
        var workspace = new Workspace(folder.resolve("trial"));
        try {
            workspace.create();
            Files.writeString(workspace.root().resolve("secret"), "secret");
            var output = workspace.root().resolve("log");
            var process = new ProcessBuilder(command(workspace))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            process.environment().put("HOME", "/home/job");
            var started = process.start();
            started.getOutputStream().close();
            if (!started.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                started.destroyForcibly();
                return Optional.of("it did not end within %d s".formatted(PATIENCE));
            }
            var code = started.exitValue();
            return code == SHUT_IN && Files.exists(workspace.opt().resolve("written"))
                    ? Optional.empty()
                    : Optional.of(
                            "exit code %d %s".formatted(code, said(workspace)).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was interrupted");
        } finally {
            Durable.delete(workspace.root());
        }
    }

    private List<String> command(Workspace workspace) throws IOException {
        var command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3> /dev/null", "sh"));
        command.addAll(way.entrance(workspace));
        command.addAll(List.of("sh", "-c", LOOK, "sh", folder.toString()));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(interpreters.python().map(Path::toString).orElse(""));
        return command;
    }

    /** Without telling where the engine lies: this is shown to whoever asks. */
    private String said(Workspace workspace) throws IOException {
        var said = new StringBuilder();
        for (var file : List.of("walls.log", "log")) {
            var path = workspace.root().resolve(file);
            if (Files.exists(path)) {
                said.append(Files.readString(path, StandardCharsets.ISO_8859_1).strip())
                        .append(' ');
            }
        }
        var shown = said.toString()
                .replace(folder.toString(), "…")
                .replaceAll("\\s+", " ")
                .strip();
        return shown.length() > 300 ? shown.substring(0, 300) : shown;
    }
}
