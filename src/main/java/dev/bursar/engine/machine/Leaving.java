// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/** A plain file that a child has left, as it was found. */
public record Leaving(Workspace workspace, Path path, BasicFileAttributes attributes, boolean living) {

    public long size() {
        return attributes.size();
    }

    public long modifiedSeconds() {
        return attributes.lastModifiedTime().toMillis() / 1000;
    }

    /** Changes when the file does. */
    public String version() {
        return attributes.size() + "@" + attributes.lastModifiedTime();
    }

    public InputStream open() throws IOException {
        try (var folder = Descent.into(workspace.root(), Durable.parent(path))) {
            return Channels.newInputStream(folder.read(Path.of(String.valueOf(path.getFileName())), living));
        }
    }

    /** Brings it to where the child cannot change it, no longer than it was found. */
    public void copyTo(Path file) throws IOException {
        try (var content = open()) {
            Files.copy(new Bounded(content, size()), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Where the child has it. */
    public String named() {
        return workspace.named(path);
    }
}
