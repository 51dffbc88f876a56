// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import java.nio.file.Path;
import java.util.List;

/**
 * How children are to be kept from everything else on this machine.
 *
 * @param wanted whether they are to be, where the machine can
 * @param readable what they may read beside the system and the interpreters
 * @param hidden what they must not see, even where it lies in what they may read
 */
public record Confinement(boolean wanted, List<Path> readable, List<Path> hidden) {

    public Confinement {
        readable = List.copyOf(readable);
        hidden = List.copyOf(hidden);
    }

    /** Where the machine can. */
    public static Confinement automatic() {
        return new Confinement(true, List.of(), List.of());
    }

    /** Not at all. */
    public static Confinement off() {
        return new Confinement(false, List.of(), List.of());
    }

    /** The same with more that may be read. */
    public Confinement reading(List<Path> more) {
        return new Confinement(wanted, more, hidden);
    }

    /** The same with a folder that must not be seen. */
    public Confinement hiding(Path folder) {
        return new Confinement(wanted, readable, List.of(folder));
    }
}
