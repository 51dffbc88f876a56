package dev.bursar.workload;

import dev.bursar.aws.AwsAccount;
import dev.bursar.core.LabId;
import java.util.Map;

/**
 * One attempt at a workload in SageMaker.
 *
 * @param name the SageMaker name, {@code installation-id-attempt} (rule N1)
 * @param outputUri where its results go; ends in {@code /installation/id/attempt/}, and is its identity (rule N3)
 * @param tags for bills and policies; they prove nothing
 */
public record Run<S extends Spec>(
        WorkloadId id, LabId lab, AwsAccount account, String name, String outputUri, Map<String, String> tags, S spec) {

    /**
     * Whether an output address that SageMaker echoes is this very attempt's (rule N3). Bucket and prefix do not count:
     * they may have been configured anew while it ran.
     */
    public boolean isEchoedIn(String output) {
        return output.endsWith("/" + name.replace('-', '/') + "/");
    }
}
