// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import dev.bursar.engine.wire.Account;
import java.nio.file.Path;
import java.time.Clock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/**
 * How an engine is to run.
 *
 * @param folder everything it keeps; one engine at a time
 * @param port for SageMaker, CloudWatch Logs and STS; 0 takes any free one
 * @param s3Port for S3; 0 takes any free one
 * @param region the only region it serves
 * @param accountId the account in its ARNs
 * @param accessKeyId the one key it accepts, on both ports
 * @param secretAccessKey the secret of that key
 * @param hosts how many hosts all jobs together may occupy at once
 * @param childMemoryMb what one child process may take
 * @param confinement how children are kept from everything else
 * @param clock decides and dates everything but signatures; may run faster than real time
 */
public record EngineSettings(
        Path folder,
        int port,
        int s3Port,
        String region,
        String accountId,
        String accessKeyId,
        String secretAccessKey,
        int hosts,
        int childMemoryMb,
        Confinement confinement,
        Clock clock) {

    /** Free ports, the key pair of the folder (made on first use), two hosts, 2 GB a child. */
    public static EngineSettings in(Path folder) {
        var keys = KeyPair.of(folder);
        return new EngineSettings(
                folder,
                0,
                0,
                "us-east-1",
                "123456789012",
                keys.accessKeyId(),
                keys.secretAccessKey(),
                2,
                2048,
                Confinement.automatic(),
                Clock.systemUTC());
    }

    /** The same on other ports. */
    public EngineSettings withPorts(int port, int s3Port) {
        return new EngineSettings(
                folder,
                port,
                s3Port,
                region,
                accountId,
                accessKeyId,
                secretAccessKey,
                hosts,
                childMemoryMb,
                confinement,
                clock);
    }

    /** The same in another region. */
    public EngineSettings withRegion(String region) {
        return new EngineSettings(
                folder,
                port,
                s3Port,
                region,
                accountId,
                accessKeyId,
                secretAccessKey,
                hosts,
                childMemoryMb,
                confinement,
                clock);
    }

    /** The same with another account. */
    public EngineSettings withAccountId(String accountId) {
        return new EngineSettings(
                folder,
                port,
                s3Port,
                region,
                accountId,
                accessKeyId,
                secretAccessKey,
                hosts,
                childMemoryMb,
                confinement,
                clock);
    }

    /** The same with another key pair. */
    public EngineSettings withKeys(String accessKeyId, String secretAccessKey) {
        return new EngineSettings(
                folder,
                port,
                s3Port,
                region,
                accountId,
                accessKeyId,
                secretAccessKey,
                hosts,
                childMemoryMb,
                confinement,
                clock);
    }

    /** The same with another bound on hosts and on the memory of a child. */
    public EngineSettings withBounds(int hosts, int childMemoryMb) {
        return new EngineSettings(
                folder,
                port,
                s3Port,
                region,
                accountId,
                accessKeyId,
                secretAccessKey,
                hosts,
                childMemoryMb,
                confinement,
                clock);
    }

    /** The same with children that are confined otherwise. */
    public EngineSettings withConfinement(Confinement confinement) {
        return new EngineSettings(
                folder,
                port,
                s3Port,
                region,
                accountId,
                accessKeyId,
                secretAccessKey,
                hosts,
                childMemoryMb,
                confinement,
                clock);
    }

    /** The same by another clock. */
    public EngineSettings withClock(Clock clock) {
        return new EngineSettings(
                folder,
                port,
                s3Port,
                region,
                accountId,
                accessKeyId,
                secretAccessKey,
                hosts,
                childMemoryMb,
                confinement,
                clock);
    }

    Account account() {
        return new Account(region, accountId);
    }

    AwsBasicCredentials keys() {
        return AwsBasicCredentials.create(accessKeyId, secretAccessKey);
    }

    @Override
    public String toString() {
        return "EngineSettings[folder=%s, port=%d, s3Port=%d, region=%s, hosts=%d, childMemoryMb=%d]"
                .formatted(folder, port, s3Port, region, hosts, childMemoryMb);
    }
}
