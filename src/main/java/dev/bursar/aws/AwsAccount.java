package dev.bursar.aws;

import dev.bursar.core.LabId;
import org.jspecify.annotations.Nullable;

/**
 * Account, region, role, bucket and prefix that a lab's work runs in.
 *
 * @param ownOfLab whether it is the lab's own row, with an execution role that reaches nobody else's data
 */
public record AwsAccount(
        long id,
        String account,
        String region,
        @Nullable String assumeRoleArn,
        String executionRoleArn,
        String bucket,
        String prefix,
        boolean ownOfLab) {

    /** Where a lab's data and results are, ending in a slash. */
    public String keyPrefix(LabId lab) {
        return prefix + "labs/" + lab + "/";
    }

    public String uri(String key) {
        return "s3://" + bucket + "/" + key;
    }
}
