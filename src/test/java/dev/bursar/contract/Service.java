package dev.bursar.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.core.env.Environment;

/** The service under test: where it is, and its admin. */
record Service(URI address, Client admin) {

    static Service in(Environment environment) {
        var address = URI.create("http://127.0.0.1:" + environment.getRequiredProperty("local.server.port"));
        try {
            var key = Files.readString(Path.of(environment.getRequiredProperty("bursar.home"), "admin.key"));
            return new Service(address, new Client(address, key.strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Client nobody() {
        return admin.with(null);
    }
}
