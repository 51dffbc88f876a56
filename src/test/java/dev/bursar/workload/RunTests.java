package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.aws.AwsAccount;
import dev.bursar.core.LabId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rule N3: identity is in what Describe echoes. */
class RunTests {

    @Test
    void knowsItsOwnOutputWhereverItIs() {
        assertThat(run().isEchoedIn("s3://bucket/labs/chem/results/x4k2p9/06a0k9x4wsn3q7rt/1/"))
                .isTrue();
        assertThat(run().isEchoedIn("s3://new-bucket/prefix/labs/chem/results/x4k2p9/06a0k9x4wsn3q7rt/1/"))
                .isTrue();
    }

    @Test
    void takesNoOtherAttemptOrWorkOrInstallationForItself() {
        assertThat(run().isEchoedIn("s3://bucket/labs/chem/results/x4k2p9/06a0k9x4wsn3q7rt/2/"))
                .isFalse();
        assertThat(run().isEchoedIn("s3://bucket/labs/chem/results/x4k2p9/06a0k9x4wsn3q7rv/1/"))
                .isFalse();
        assertThat(run().isEchoedIn("s3://bucket/labs/chem/results/aaaaaa/06a0k9x4wsn3q7rt/1/"))
                .isFalse();
        assertThat(run().isEchoedIn("s3://bucket/1/")).isFalse();
    }

    private static Run<TestSpec> run() {
        var account = new AwsAccount(
                1, "123456789012", "us-east-1", null, "arn:aws:iam::123456789012:role/r", "bucket", "", false);
        return new Run<>(
                new WorkloadId("06a0k9x4wsn3q7rt"),
                new LabId("chem"),
                account,
                "x4k2p9-06a0k9x4wsn3q7rt-1",
                "s3://bucket/labs/chem/results/x4k2p9/06a0k9x4wsn3q7rt/1/",
                Map.of(),
                new TestSpec("n", "chem", null, null, null, Duration.ofMinutes(10)));
    }
}
