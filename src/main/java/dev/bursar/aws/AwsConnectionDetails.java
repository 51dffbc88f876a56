package dev.bursar.aws;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Where AWS is. The embedded engine gives its own; otherwise these are the real endpoints and the default chain. */
public interface AwsConnectionDetails {

    Region region();

    /**
     * The address of one AWS service; null is the real one.
     *
     * @param service the SDK's name of it, such as {@code sagemaker}
     */
    @Nullable URI endpoint(String service);

    AwsCredentialsProvider credentials();

    /** Whether nothing is really bought, so that costs are only what AWS would have asked. */
    boolean isSimulated();

    /** Why people's code is not kept from what is another lab's, where nothing keeps it. */
    default Optional<String> unconfined() {
        return Optional.empty();
    }
}
