package dev.bursar.dataset;

import dev.bursar.aws.AwsAccount;
import dev.bursar.aws.FreshConnections;
import dev.bursar.core.LabId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 on a temporary folder, as the engine has it. */
final class LocalS3 {

    static final String BUCKET = "bursar-tests";
    private static final AwsAccount ACCOUNT =
            new AwsAccount(1, "123456789012", "us-east-1", null, "arn:aws:iam::123456789012:role/x", BUCKET, "", false);

    private final URI endpoint;
    private final S3Client client;

    private LocalS3(URI endpoint) {
        this.endpoint = endpoint;
        this.client = S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .httpClient(FreshConnections.client())
                .build();
    }

    static LocalS3 start() {
        try {
            var folder = Files.createTempDirectory("bursar-s3").toString();
            var proxy = S3Proxy.builder()
                    .blobStore(new FilesystemNio2BlobStore(folder))
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "id", "secret")
                    .ignoreUnknownHeaders(true)
                    .build();
            proxy.start();
            var s3 = new LocalS3(URI.create("http://127.0.0.1:" + proxy.getPort()));
            s3.client.createBucket(bucket -> bucket.bucket(BUCKET));
            return s3;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));
    }

    URI endpoint() {
        return endpoint;
    }

    Store storeOf(LabId lab) {
        return new Store(client, ACCOUNT, lab);
    }

    List<String> keys(String bucket) {
        return client.listObjectsV2(list -> list.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    int unfinishedUploads() {
        return client.listMultipartUploads(list -> list.bucket(BUCKET))
                .uploads()
                .size();
    }
}
