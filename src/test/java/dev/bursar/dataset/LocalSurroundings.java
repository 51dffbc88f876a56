package dev.bursar.dataset;

import dev.bursar.aws.AwsConnectionDetails;
import java.net.URI;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** What stands around the module: S3 on a folder. */
@TestConfiguration(proxyBeanMethods = false)
class LocalSurroundings {

    static final LocalS3 S3 = LocalS3.start();

    @Bean
    @Primary
    AwsConnectionDetails localS3() {
        return new AwsConnectionDetails() {
            @Override
            public Region region() {
                return Region.US_EAST_1;
            }

            @Override
            public URI endpoint(String service) {
                return S3.endpoint();
            }

            @Override
            public AwsCredentialsProvider credentials() {
                return LocalS3.credentials();
            }

            @Override
            public boolean isSimulated() {
                return true;
            }
        };
    }
}
