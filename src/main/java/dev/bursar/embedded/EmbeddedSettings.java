package dev.bursar.embedded;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What can be said about the embedded parts; nothing has to be. */
@ConfigurationProperties("bursar.embedded")
record EmbeddedSettings(@DefaultValue Postgres postgres) {

    /**
     * @param port 0 is any free one, the last used one first
     * @param ownerPassword of the role that owns the tables; drawn at the first start when missing
     * @param runtimePassword of the role that the service works with; drawn at the first start when missing
     * @param programs where PostgreSQL is unpacked to, for installations that share it; else inside the home folder
     */
    record Postgres(
            @DefaultValue("0") int port,
            @Nullable String ownerPassword,
            @Nullable String runtimePassword,
            @Nullable Path programs) {}
}
