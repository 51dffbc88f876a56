package dev.bursar.aws;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often SageMaker is called, at most: calls a second by account, region and group of operations, of all replicas
 * together (rule C1).
 *
 * @param limited whether calls are counted at all; when not set, on AWS but not on the engine
 * @param create for each kind
 * @param list half of what AWS gives, because people need the rest
 */
@ConfigurationProperties("bursar.aws.calls")
record CallSettings(
        @Nullable Boolean limited,
        @DefaultValue("0.9") double create,
        @DefaultValue("1") double list,
        @DefaultValue("5") double describe,
        @DefaultValue("1") double search,
        @DefaultValue("1") double stop,
        @DefaultValue("1") double other) {

    CallSettings {
        if (Math.min(Math.min(Math.min(create, list), Math.min(describe, search)), Math.min(stop, other)) <= 0) {
            throw new IllegalArgumentException("bursar.aws.calls: every rate is more than 0 calls a second");
        }
    }
}
