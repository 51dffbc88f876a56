package dev.bursar.embedded;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The engine that stands in for AWS. Its region and account are those of {@code bursar.aws}.
 *
 * @param port for SageMaker, CloudWatch Logs and STS; 0 is any free one, the last used one first
 * @param s3Port for S3; 0 is any free one, the last used one first
 * @param accessKeyId the one key that it accepts, with its secret; drawn at the first start when missing
 * @param secretAccessKey the secret of that key
 * @param hosts how many hosts all jobs together may occupy at once; 0 is one a processor
 * @param childMemoryMb what one child process may take
 * @param confine whether children are kept from everything that is not their own, where the machine can
 * @param readable what such children may read beside the system and the interpreters, such as another interpreter
 * @param url of an engine that runs elsewhere, which is then used instead; goes with s3Url and both keys
 * @param s3Url of that engine's S3
 * @param replacesAnother the engine that the database remembers is gone for good, and its jobs with it
 */
@ConfigurationProperties("bursar.engine")
record EmbeddedEngineSettings(
        @DefaultValue("0") int port,
        @DefaultValue("0") int s3Port,
        @Nullable String accessKeyId,
        @Nullable String secretAccessKey,
        @DefaultValue("0") int hosts,
        @DefaultValue("2048") int childMemoryMb,
        @DefaultValue("true") boolean confine,
        @DefaultValue List<Path> readable,
        @Nullable URI url,
        @Nullable URI s3Url,
        @DefaultValue("false") boolean replacesAnother) {

    int hostsOrProcessors() {
        return hosts > 0 ? hosts : Runtime.getRuntime().availableProcessors();
    }
}
