// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.s3;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.wire.Refusal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The engine's own access to S3: it fetches and stores for its children, which get no credentials. */
public final class ObjectStore implements AutoCloseable {

    private final S3Client s3;
    private final String region;

    public ObjectStore(URI endpoint, String region, AwsCredentials keys) {
        this.region = region;
        s3 = S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(new WithoutExpectation()))
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(keys))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .build();
    }

    /** Whether anything lies under the prefix. */
    public boolean holdsAny(S3Location prefix) {
        try {
            return !s3.listObjectsV2(request ->
                            request.bucket(prefix.bucket()).prefix(prefix.key()).maxKeys(1))
                    .contents()
                    .isEmpty();
        } catch (SdkException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Refuses a request whose input does not exist, in SageMaker's words. */
    public void requireAny(String uri, @Nullable String role) {
        var location = S3Location.parse(uri);
        if (location.filter(this::holdsAny).isEmpty()) {
            throw Refusal.validation(
                    ("No S3 objects found under S3 URL \"%s\" given in input data source. Please ensure that the bucket"
                                    + " exists in the selected region (%s), that objects exist under that S3 prefix, and that"
                                    + " the role \"%s\" has \"s3:ListBucket\" permissions on bucket \"%s\".")
                            .formatted(
                                    uri,
                                    region,
                                    role,
                                    location.map(S3Location::bucket).orElse("")));
        }
    }

    /** Whether there is exactly this object. */
    public boolean holds(S3Location object) {
        return holdsAny(object) && keys(object).contains(object.key());
    }

    /** The keys of the objects under the prefix, in order; markers of folders are left out. */
    public List<String> keys(S3Location prefix) {
        try {
            return s3
                    .listObjectsV2Paginator(
                            request -> request.bucket(prefix.bucket()).prefix(prefix.key()))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .filter(key -> !key.endsWith("/"))
                    .sorted()
                    .toList();
        } catch (SdkException | IllegalArgumentException e) {
            throw new JobFailure("ClientError: Data download failed: %s: %s".formatted(prefix, said(e)));
        }
    }

    public void download(S3Location object, Path file) throws IOException {
        try {
            Files.createDirectories(Durable.parent(file));
            copy(object, file);
        } catch (FileSystemException e) {
            throw JobFailure.unstorable(object.toString(), e);
        }
    }

    private void copy(S3Location object, Path file) throws IOException {
        try (var content =
                s3.getObject(request -> request.bucket(object.bucket()).key(object.key()))) {
            Files.copy(content, file);
        } catch (SdkException | IllegalArgumentException e) {
            throw new JobFailure("ClientError: Data download failed: %s: %s".formatted(object, said(e)));
        }
    }

    public void upload(Path file, S3Location object) {
        try {
            s3.putObject(request -> request.bucket(object.bucket()).key(object.key()), RequestBody.fromFile(file));
        } catch (SdkException | IllegalArgumentException e) {
            throw new JobFailure("ClientError: Artifact upload failed: %s: %s".formatted(object, said(e)));
        }
    }

    /** What S3 has answered; what the client says of itself is not for users. */
    private static String said(RuntimeException e) {
        return e instanceof S3Exception answer && answer.awsErrorDetails() != null
                ? answer.awsErrorDetails().errorMessage()
                : "S3 cannot be asked for it";
    }

    @Override
    public void close() {
        s3.close();
    }
}
