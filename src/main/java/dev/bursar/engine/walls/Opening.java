// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.walls;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Something of the machine that a child sees.
 *
 * @param source where it lies on the machine
 * @param target where the child finds it
 */
record Opening(Path source, String target, Kind kind) {

    /** What the child may do with it. */
    enum Kind {
        /** Read it, and run what is in it. */
        READABLE,
        /** Change it as it likes. */
        WRITABLE,
        /** Use it as the device that it is. */
        DEVICE
    }

    static Opening readable(Path path) {
        return new Opening(path, path.toString(), Kind.READABLE);
    }

    static Opening readable(Path source, String target) {
        return new Opening(source, target, Kind.READABLE);
    }

    static Opening writable(Path source, String target) {
        return new Opening(source, target, Kind.WRITABLE);
    }

    boolean isFolder() {
        return Files.isDirectory(source);
    }

    /** Whether the child finds it somewhere below another one. */
    boolean isBelow(Opening other) {
        return target.startsWith(other.target + "/");
    }
}
