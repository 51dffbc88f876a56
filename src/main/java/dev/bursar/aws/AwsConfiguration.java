package dev.bursar.aws;

import java.net.URI;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

@Configuration(proxyBeanMethods = false)
class AwsConfiguration {

    /** The real endpoints and the default credential chain. */
    @Bean
    @ConditionalOnProperty(name = "bursar.aws.mode", havingValue = "aws")
    AwsConnectionDetails realAws(AwsSettings settings) {
        if (settings.account() == null || settings.executionRoleArn() == null || settings.bucket() == null) {
            throw new IllegalStateException("In AWS mode set bursar.aws.account, bursar.aws.execution-role-arn and "
                    + "bursar.aws.bucket; docs/aws/README.md says how to make them.");
        }
        return new RealAws(
                Region.of(settings.region()),
                DefaultCredentialsProvider.builder().build());
    }

    /** Before the first request: everybody's account row, and on the engine its bucket. */
    @Bean
    ApplicationRunner awsAccountOfEverybody(
            AwsAccounts accounts, AwsClients clients, AwsSettings settings, Installation installation, Clock clock) {
        return arguments -> {
            accounts.makeDefault(settings, installation, clock);
            if (clients.isSimulated()) {
                var account = accounts.everybodys();
                try {
                    clients.s3(account).createBucket(bucket -> bucket.bucket(account.bucket()));
                } catch (BucketAlreadyOwnedByYouException e) {
                    return;
                }
            }
        };
    }

    private record RealAws(Region region, AwsCredentialsProvider credentials) implements AwsConnectionDetails {

        @Override
        public @Nullable URI endpoint(String service) {
            return null;
        }

        @Override
        public boolean isSimulated() {
            return false;
        }
    }
}
