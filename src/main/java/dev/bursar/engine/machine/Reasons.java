// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Optional;
import java.util.stream.Collectors;

/** FailureReasons in SageMaker's shape. */
public final class Reasons {

    private static final int TAIL_BYTES = 8 * 1024;
    private static final int TAIL_LINES = 12;
    private static final int TAIL_SHOWN = 600;
    private static final int SAID_SHOWN = 960;

    private Reasons() {}

    public static String algorithmError(String said, int exitCode) {
        var words = said.isBlank() ? "no message" : said.strip();
        var shown = words.length() > SAID_SHOWN ? words.substring(0, SAID_SHOWN - 3) + "..." : words;
        return "AlgorithmError: %s, exit code: %d".formatted(shown, exitCode);
    }

    /** What a child has put down about its own failure, where that is a plain file of its own. */
    public static Optional<String> said(Workspace workspace) {
        var said = Leavings.of(workspace, TAIL_BYTES).text(workspace.failure(), TAIL_BYTES);
        return said.isEmpty() && Files.exists(workspace.failure(), LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(
                        "/opt/ml/output/failure is not a plain file of the job and was not read.\n" + tail(workspace))
                : said.map(workspace::disguised);
    }

    /** The end of what a child wrote, which for a script that has failed is the error. */
    public static String tail(Workspace workspace) {
        var text = new LogStream(workspace)
                .before(Long.MAX_VALUE, TAIL_LINES, TAIL_BYTES).stream()
                        .map(LogStream.Line::text)
                        .collect(Collectors.joining("\n"))
                        .strip();
        return text.length() > TAIL_SHOWN ? "..." + text.substring(text.length() - TAIL_SHOWN) : text;
    }

    /** What a signal that ended a process most likely means. */
    public static String killed(int exitCode, int memoryMb) {
        return exitCode == 137
                ? "The process was killed (signal 9), most likely because the machine ran out of memory;"
                        + " a child of the engine may take %d MB.\n".formatted(memoryMb)
                : "";
    }
}
