package dev.bursar.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.aws.AwsConnectionDetails;
import dev.bursar.aws.AwsSettings;
import dev.bursar.engine.Confinement;
import dev.bursar.engine.Engine;
import dev.bursar.engine.EngineSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class EmbeddedAwsConfigurationTests {

    @TempDir
    Path home;

    private final ApplicationContextRunner service = new ApplicationContextRunner().withUserConfiguration(Parts.class);

    @Test
    void handsOverTheEngineAndTellsShellsWhereItIs() {
        service.withPropertyValues("bursar.home=" + home, "bursar.aws.region=eu-west-1")
                .run(context -> {
                    var aws = context.getBean(AwsConnectionDetails.class);

                    assertThat(aws.isSimulated()).isTrue();
                    assertThat(aws.region().id()).isEqualTo("eu-west-1");
                    assertThat(aws.endpoint("sagemaker"))
                            .isEqualTo(aws.endpoint("cloudwatchlogs"))
                            .isNotEqualTo(aws.endpoint("s3"));
                    assertThat(home.resolve("aws.env"))
                            .content()
                            .contains(
                                    "export AWS_ENDPOINT_URL=" + aws.endpoint("sts"),
                                    "export AWS_ENDPOINT_URL_S3=" + aws.endpoint("s3"),
                                    "export AWS_DEFAULT_REGION=eu-west-1",
                                    aws.credentials().resolveCredentials().secretAccessKey());
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("aws.env"))))
                            .isEqualTo("rw-------");
                });

        assertThat(home.resolve("aws.env"))
                .as("nothing is left that would point at a dead engine")
                .doesNotExist();
    }

    @Test
    void takesAnEngineThatRunsElsewhere() {
        service.withPropertyValues(
                        "bursar.home=" + home,
                        "bursar.engine.url=http://127.0.0.1:9001",
                        "bursar.engine.s3-url=http://127.0.0.1:9002",
                        "bursar.engine.access-key-id=AKIAELSEWHERE",
                        "bursar.engine.secret-access-key=known")
                .run(context -> {
                    var aws = context.getBean(AwsConnectionDetails.class);

                    assertThat(aws.endpoint("sagemaker")).isEqualTo(URI.create("http://127.0.0.1:9001"));
                    assertThat(aws.endpoint("s3")).isEqualTo(URI.create("http://127.0.0.1:9002"));
                    assertThat(aws.credentials().resolveCredentials().accessKeyId())
                            .isEqualTo("AKIAELSEWHERE");
                    assertThat(aws.unconfined())
                            .as("one that does not say that it confines scripts")
                            .isPresent();
                    assertThat(home.resolve("engine")).doesNotExist();
                });
    }

    @Test
    void saysWhyScriptsAreNotConfined() {
        service.withPropertyValues("bursar.home=" + home, "bursar.engine.confine=false")
                .run(context -> assertThat(
                                context.getBean(AwsConnectionDetails.class).unconfined())
                        .contains("It is switched off."));
    }

    @Test
    void asksAnEngineElsewhereWhetherItConfinesScripts() {
        var settings = EngineSettings.in(home.resolve("elsewhere")).withConfinement(Confinement.off());
        try (var engine = Engine.start(settings)) {
            assertThat(EngineConfinement.of(engine.endpoint()).lacking()).contains("It is switched off.");
            assertThat(EngineConfinement.of(engine.endpoint()).standing()).isEmpty();
        }
    }

    @Test
    void saysWhatAnEngineElsewhereNeeds() {
        service.withPropertyValues("bursar.home=" + home, "bursar.engine.url=http://127.0.0.1:9001")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage("With bursar.engine.url set bursar.engine.access-key-id, too."));
    }

    @Test
    void staysAwayWhenWorkRunsOnAws() {
        service.withPropertyValues("bursar.home=" + home, "bursar.aws.mode=aws").run(context -> {
            assertThat(context).doesNotHaveBean(EmbeddedEngine.class);
            assertThat(home).isEmptyDirectory();
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({EmbeddedEngineSettings.class, AwsSettings.class})
    @Import({HomeConfiguration.class, EmbeddedAwsConfiguration.class})
    static class Parts {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }
}
