// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** S3 on a folder: S3Proxy in this JVM, on loopback, with the engine's key pair. */
public final class S3Server implements AutoCloseable {

    private final S3Proxy proxy;

    private S3Server(S3Proxy proxy) {
        this.proxy = proxy;
    }

    /** Serves the folder on a port; 0 takes any free one. */
    public static S3Server start(Path root, int port, AwsCredentials keys) {
        try {
            var folder = Files.createDirectories(root).toAbsolutePath();
            var proxy = S3Proxy.builder()
                    .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                    .endpoint(URI.create("http://127.0.0.1:" + port))
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, keys.accessKeyId(), keys.secretAccessKey())
                    .ignoreUnknownHeaders(true)
                    .jettyMaxThreads(32)
                    .stopTimeout(0)
                    .build();
            proxy.start();
            return new S3Server(proxy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("S3 cannot be started on port " + port, e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("S3 did not stop", e);
        }
    }
}
