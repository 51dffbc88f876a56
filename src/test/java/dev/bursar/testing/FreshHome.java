package dev.bursar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.FileSystemUtils;

/**
 * Gives every service that tests start a home folder of its own, below {@code target}; those of earlier runs are removed.
 * What is committed need not outlive the machine, so no test waits for the disk. */
public final class FreshHome implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Path PARENT = emptied(Path.of("target", "homes"));

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        try {
            var home = Files.createTempDirectory(PARENT, "home");
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "fresh home",
                            Map.of(
                                    "bursar.home",
                                    home.toString(),
                                    // Where the machine confines nothing, the stories are told all the same.
                                    "bursar.job.unconfined-scripts",
                                    "allow",
                                    "spring.datasource.hikari.connection-init-sql",
                                    "set synchronous_commit = off")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path emptied(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
            return Files.createDirectories(folder).toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
