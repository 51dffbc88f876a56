package dev.bursar;

import dev.bursar.core.Lapse;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one clock, and the face of the published interface. */
@Configuration(proxyBeanMethods = false)
class BursarConfiguration {

    /** The time of service, meter and engine. In local mode it may run faster; on AWS, time is what it is. */
    @Bean
    Clock clock(
            @Value("${bursar.time.lapse:1}") int lapse,
            @Value("${bursar.aws.mode:local}") String mode,
            @Value("${bursar.home:.bursar}") Path home)
            throws IOException {
        if (lapse == 1) {
            return Clock.systemUTC();
        }
        if (!"local".equalsIgnoreCase(mode)) {
            throw new IllegalStateException("bursar.time.lapse is for the embedded engine only; on AWS leave it at 1.");
        }
        return Lapse.of(lapse, home.resolve("time.lapse"));
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Bursar")
                        .version("v1")
                        .description(
                                "Runs a lab's machine learning on Amazon SageMaker, and never overdraws its budget. "
                                        + "Amounts are US dollars, times UTC, durations ISO-8601. Errors are RFC 9457 problems "
                                        + "whose type leads to what they mean; docs/problems.md has them all.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "key",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("an API key, bsr_…")))
                .addServersItem(new Server().url("/").description("where this document comes from"))
                .addSecurityItem(new SecurityRequirement().addList("key"));
    }

    /** Durations in query parameters: {@code 60s} and {@code PT1M} alike. */
    @Bean
    DurationParameter durationParameter() {
        return new DurationParameter();
    }

    static final class DurationParameter
            implements org.springframework.core.convert.converter.Converter<String, Duration> {

        @Override
        public Duration convert(String text) {
            try {
                return DurationStyle.detectAndParse(text);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("write it as 60s or PT1M", e);
            }
        }
    }
}
