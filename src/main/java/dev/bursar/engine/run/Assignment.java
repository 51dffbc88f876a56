// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a cluster of hosts is given to do: what is brought to each, what runs there and what is taken away. */
public interface Assignment {

    /** The job's own name. */
    String name();

    /** Where the job lies; its hosts are below. */
    Path folder();

    /** How many hosts the job occupies. */
    int hosts();

    Program program();

    /** How much each host may write. */
    long diskBytes();

    /** Lays out a host's folder; asks between two downloads whether the job may go on. */
    void deliver(Workspace workspace, int number, int hosts, Runnable attend) throws IOException;

    /** Starts the host's process. */
    Child start(Workspace workspace, Program program) throws IOException;

    /** Is called again and again as long as processes run. */
    default void attend(List<Workspace> workspaces) throws IOException {}

    /** Takes away what the processes have left; the job has not failed. */
    void collect(List<Workspace> workspaces) throws IOException;
}
