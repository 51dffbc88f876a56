// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import dev.bursar.engine.machine.Executables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this machine's Java and Python lie, which may be anywhere: in {@code /usr}, in a home folder (pyenv, uv, a
 * virtual environment), in {@code JAVA_HOME}. Python is asked itself, because what is found on the path may be a shim
 * that picks one of several.
 *
 * @param python the interpreter behind that name
 * @param folders what they need to be readable
 */
record Interpreters(Optional<Path> python, Set<Path> folders) {

    private static final Logger log = LoggerFactory.getLogger(Interpreters.class);
    private static final int PATIENCE = 20;
    private static final String QUESTION = "import os, sys; print('\\n'.join([sys.executable,"
            + " os.path.realpath(sys.executable), sys.prefix, sys.base_prefix] + sys.path))";

    /** Parts of an installation; its other folders may be somebody's, as in {@code ~/.local}. */
    private static final List<String> PARTS =
            List.of("bin", "lib", "lib32", "lib64", "libexec", "include", "ssl", "conda-meta", "pyvenv.cfg");

    static Interpreters ofThisMachine() {
        var folders = new LinkedHashSet<Path>();
        var java = Path.of(System.getProperty("java.home"));
        folders.add(java);
        var answer = Executables.find("python3").map(Interpreters::asked).orElse(List.of());
        if (answer.size() < 4) {
            return new Interpreters(Optional.empty(), folders);
        }
        var real = Path.of(answer.get(1));
        for (var installation : List.of(
                answer.get(2),
                answer.get(3),
                String.valueOf(real.resolve("../..").normalize()))) {
            PARTS.stream()
                    .map(Path.of(installation)::resolve)
                    .filter(Files::exists)
                    .forEach(folders::add);
        }
        answer.subList(4, answer.size()).stream()
                .filter(path -> path.startsWith("/"))
                .map(Path::of)
                .filter(path -> path.getNameCount() > 2 && Files.isDirectory(path))
                .forEach(folders::add);
        return new Interpreters(Optional.of(Path.of(answer.get(0))), folders);
    }

    /** Without the service's variables, as the children will start it. */
    private static List<String> asked(Path python) {
        try {
            var builder = new ProcessBuilder(python.toString(), "-s", "-c", QUESTION);
            builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
            var process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ArrayList<>(answer.lines().toList());
        } catch (IOException e) {
            log.warn("python={} cannot be asked where it lies; children may not find it", python, e);
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
