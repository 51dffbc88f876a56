package dev.bursar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Gives every service that tests start a home folder of its own, below {@code target}. */
public final class FreshHome implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        try {
            var parent = Files.createDirectories(Path.of("target", "homes"));
            var home = Files.createTempDirectory(parent.toAbsolutePath(), "home");
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("fresh home", Map.of("bursar.home", home.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
