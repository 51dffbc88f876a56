package dev.bursar.aws;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where work runs.
 *
 * @param mode {@code local}: on the embedded engine, nothing is bought; {@code aws}: on the real thing
 * @param installation six lower-case letters and digits that start every name of ours; when they differ from the
 *     database's, the database is a copy and nothing is started or stopped. Must be set in AWS mode
 * @param account the AWS account of labs that have none of their own, 12 digits
 * @param executionRoleArn the role that jobs run with
 * @param assumeRoleArn the role that the service takes on first, if any
 * @param bucket the bucket of labs that have none of their own
 * @param prefix what our keys start with, empty or ending in a slash
 */
@ConfigurationProperties("bursar.aws")
public record AwsSettings(
        @DefaultValue("local") Mode mode,
        @Nullable String installation,
        @DefaultValue("us-east-1") String region,
        @Nullable String account,
        @Nullable String executionRoleArn,
        @Nullable String assumeRoleArn,
        @Nullable String bucket,
        @DefaultValue("") String prefix) {

    public AwsSettings {
        installation = installation == null || installation.isBlank() ? null : installation;
        if (installation != null && !installation.matches("[a-z0-9]{6}")) {
            throw new IllegalArgumentException(
                    "bursar.aws.installation: '%s' is not six lower-case letters or digits".formatted(installation));
        }
    }

    /** What stands behind the SDK. */
    public enum Mode {
        LOCAL,
        AWS
    }
}
