// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables of a child's program. A job says some of them, and a loader, a shell or a JVM would obey them: so they
 * reach the program alone ({@code become.sh}), and on the way to it, where processes run with the rights of the engine,
 * they are values of names that nobody knows.
 */
final class Variables {

    private static final List<String> OF_THE_MACHINE = List.of("PATH", "LANG", "LC_ALL", "TZ");

    private Variables() {}

    /** What a program may know of the machine that the engine runs on. */
    static Map<String, String> ofTheMachine(Map<String, String> all) {
        var few = new TreeMap<>(all);
        few.keySet().retainAll(OF_THE_MACHINE);
        return few;
    }

    /** What the processes on the way to the program get: of what is meant for it, only where its home is. */
    static Map<String, String> onTheWay(Map<String, String> ofTheMachine, Map<String, String> ofTheProgram) {
        var carried = new TreeMap<>(ofTheMachine);
        carried.put("HOME", ofTheProgram.getOrDefault("HOME", "/"));
        var number = 0;
        for (var variable : new TreeMap<>(ofTheProgram).entrySet()) {
            number++;
            carried.put("BURSAR_" + number, variable.getKey() + "=" + variable.getValue());
        }
        carried.put("BURSAR_COUNT", String.valueOf(number));
        return carried;
    }
}
