// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What is around a child: walls, or nothing but the machine. */
public interface Enclosure {

    /** Nothing: a child has the rights of the engine. */
    static Enclosure none(String why) {
        return new Enclosure() {
            @Override
            public boolean stands() {
                return false;
            }

            @Override
            public String situation() {
                return why;
            }

            @Override
            public List<String> command(Workspace workspace, List<String> command) {
                return command;
            }

            @Override
            public Map<String, String> environment(Workspace workspace, Map<String, String> variables) {
                return variables;
            }
        };
    }

    /** Whether it keeps the child to its own folder. */
    boolean stands();

    /** What does, or why nothing does. */
    String situation();

    /** How a command is run inside, its paths as the child sees them. */
    List<String> command(Workspace workspace, List<String> command) throws IOException;

    /** Variables as the child sees them. */
    Map<String, String> environment(Workspace workspace, Map<String, String> variables);
}
