// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a job runs, one process per host. */
public interface Program {

    /** How many of the job's hosts get a process. */
    int processes(int instanceCount);

    /** Looks at the input and lays out what the command needs; fails the job if it cannot run. */
    void prepare(Workspace workspace) throws IOException;

    List<String> command(Workspace workspace);

    /** Variables of its own. */
    Map<String, String> environment(Workspace workspace);

    /** Whether a variable that the job says reaches the program; what runs no code of the job's takes few. */
    default boolean takes(String variable) {
        return true;
    }

    /** How much address space a process may take. */
    long memoryKb();

    /** How much it may write: in one file at once, in all its folders until the engine notices. */
    default long diskKb() {
        return 30L * 1024 * 1024;
    }

    /** Why a process has failed, in SageMaker's shape. */
    String failureReason(Workspace workspace, int exitCode) throws IOException;
}
