// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.util.List;

/** A way to shut a child in with what it may see. */
interface Way {

    /** What it is called in the log and in the engine's status. */
    String name();

    /** What has to come before a child's command, so that it runs inside; written for one start in this workspace. */
    List<String> entrance(Workspace workspace) throws IOException;
}
