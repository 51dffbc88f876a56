// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Namespaces made by {@code bwrap} of bubblewrap, in one go. */
record Bubblewrapped(Surroundings surroundings) implements Way {

    @Override
    public String name() {
        return "bubblewrap";
    }

    @Override
    public List<String> entrance(Workspace workspace) throws IOException {
        var entrance = new ArrayList<>(List.of("bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc"));
        entrance.addAll(List.of("--as-pid-1", "--die-with-parent", "--cap-drop", "ALL"));
        entrance.addAll(List.of("--ro-bind", surroundings.root().toString(), "/", "--proc", "/proc", "--dev", "/dev"));
        for (var opening : surroundings.openings(workspace)) {
            if (opening.kind() != Opening.Kind.DEVICE) {
                entrance.add(opening.kind() == Opening.Kind.WRITABLE ? "--bind" : "--ro-bind-try");
                entrance.addAll(List.of(opening.source().toString(), opening.target()));
            }
        }
        entrance.addAll(List.of("--ro-bind", "/proc/self/status", "/opt/bursar/self", "--chdir", "/"));
        entrance.addAll(List.of("sh", "/opt/bursar/init.sh", "-", surroundings.processes()));
        return entrance;
    }
}
