// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.engine.machine.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a JVM with XGBoost is started, and what it may take. */
public record ChildJvm(Path classPathParent, int memoryMb) {

    private static final int BEYOND_THE_HEAP_MB = 1536;

    List<String> command(Workspace workspace, Class<?> program, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + memoryMb + "m");
        // Small reservations, so that the bound on address space is one on memory.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:CompressedClassSpaceSize=64m"));
        command.addAll(List.of("-XX:ReservedCodeCacheSize=48m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        // XGBoost logs through SLF4J, which would complain in the job's log that nobody listens.
        command.add("-Dslf4j.internal.verbosity=ERROR");
        command.add("-Djava.io.tmpdir=" + workspace.tmp());
        command.addAll(List.of("-cp", ClassPathFolder.in(classPathParent).toString()));
        command.add(program.getName());
        command.addAll(arguments);
        return command;
    }

    /** Whether neither a JVM nor what loads and runs it obeys a variable. */
    static boolean isHarmless(String variable) {
        return variable.startsWith("SAGEMAKER_");
    }

    long memoryKb() {
        return 1024L * (2L * memoryMb + BEYOND_THE_HEAP_MB);
    }
}
