package dev.bursar.embedded;

import dev.bursar.aws.AwsConnectionDetails;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Where the engine is: one address for S3, one for everything else that it knows. */
record EmbeddedAws(
        URI endpoint, URI s3Endpoint, String regionName, AwsBasicCredentials key, EngineConfinement confinement)
        implements AwsConnectionDetails {

    @Override
    public Region region() {
        return Region.of(regionName);
    }

    @Override
    public @Nullable URI endpoint(String service) {
        return service.equals("s3") ? s3Endpoint : endpoint;
    }

    @Override
    public AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(key);
    }

    @Override
    public boolean isSimulated() {
        return true;
    }

    @Override
    public Optional<String> unconfined() {
        return confinement.lacking();
    }

    /** For a shell: points every AWS client that is started from it at the engine. */
    String exports() {
        return """
                export AWS_ENDPOINT_URL=%s
                export AWS_ENDPOINT_URL_S3=%s
                export AWS_ACCESS_KEY_ID=%s
                export AWS_SECRET_ACCESS_KEY=%s
                export AWS_REGION=%5$s
                export AWS_DEFAULT_REGION=%5$s
                """.formatted(endpoint, s3Endpoint, key.accessKeyId(), key.secretAccessKey(), regionName);
    }
}
