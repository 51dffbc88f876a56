// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import dev.bursar.engine.machine.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;

/** The key pair of an engine's folder, made on first use and readable by its owner only. */
record KeyPair(String accessKeyId, String secretAccessKey) {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    static KeyPair of(Path folder) {
        var file = folder.resolve("keys.properties");
        try {
            return Files.exists(file) ? read(file) : create(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair read(Path file) throws IOException {
        var properties = new Properties();
        try (var in = Files.newInputStream(file)) {
            properties.load(in);
        }
        var id = properties.getProperty("accessKeyId");
        var secret = properties.getProperty("secretAccessKey");
        if (id == null || secret == null) {
            throw new IOException("%s must hold accessKeyId and secretAccessKey".formatted(file));
        }
        return new KeyPair(id, secret);
    }

    private static KeyPair create(Path file) throws IOException {
        var random = new SecureRandom();
        var id = new StringBuilder("AKIA");
        random.ints(16, 0, LETTERS.length()).forEach(index -> id.append(LETTERS.charAt(index)));
        var secret = new byte[30];
        random.nextBytes(secret);
        var pair = new KeyPair(id.toString(), Base64.getEncoder().encodeToString(secret));
        Files.createDirectories(Durable.parent(file));
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file, "accessKeyId=%s\nsecretAccessKey=%s\n".formatted(pair.accessKeyId(), pair.secretAccessKey()));
        return pair;
    }
}
