package dev.bursar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;

/** Addresses, methods and lines that no operation has. */
@ServiceTest
class AddressTests {

    private final Service service;

    AddressTests(Environment environment) {
        service = Service.in(environment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/nothing",
                "/api/v2/jobs",
                "/nothing",
                "/api/v1/jobs/06a0k9x4wsn3q7rt/nothing",
                "/api/v1/jobs/"
            })
    void answersAnUnknownPathWithAProblem(String path) {
        var answer = service.admin().get(path);

        assertThat(answer.status()).as("%s", answer).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1//jobs",
                "/api/v1/jobs;x=1",
                "/api/v1/../v1/jobs",
                "/api/v1/%2e%2e/jobs",
                "/api/v1/labs/a%00b",
                "/api/v1/labs/a%2Fb",
                "/api/v1/labs/%zz"
            })
    void answersAnAddressThatIsNotPlainWithAProblem(String path) {
        var answer = new RawRequest(service.address())
                .answer("""
                GET %s HTTP/1.1
                Host: localhost
                Authorization: Bearer %s
                Connection: close""".formatted(path, service.admin().key()), new byte[0]);

        assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json", "/problems/");
    }

    @Test
    void answersARequestLineThatIsNoneWithAProblem() {
        var raw = new RawRequest(service.address());

        assertThat(raw.answer("GET /api/v1/labs|x HTTP/1.1\nHost: localhost\nConnection: close", new byte[0]))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
        assertThat(raw.status("nonsense", new byte[0])).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE"})
    void saysThatAMethodIsNotAllowedAndWhichAre(String method) {
        var answer = service.admin().send(method, "/api/v1/jobs", "{}", Client.JSON);

        assertThat(answer.status()).as("%s", answer).isEqualTo(405);
        assertThat(answer.problem()).isEqualTo("method-not-allowed");
        assertThat(answer.header("Allow")).contains("GET", "POST");
    }

    @Test
    void answersHeadAsGetWithoutTheBody() {
        var answer = service.admin().send("HEAD", "/api/v1/jobs", "", Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(service.nobody().send("HEAD", "/api/v1/jobs", "", Map.of()).status())
                .isEqualTo(401);
    }

    @Test
    void answersOptionsWithTheMethodsToWhoeverHasAKey() {
        var answer = service.admin().send("OPTIONS", "/api/v1/jobs", "", Map.of());
        var stranger = service.nobody().send("OPTIONS", "/api/v1/jobs", "", Map.of());

        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.header("Allow")).contains("GET", "POST");
        assertThat(answer.body()).isEmpty();
        assertThat(stranger.status()).as("%s", stranger).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/error", "/actuator", "/actuator/env", "/v3", "/swagger-ui/none.html"})
    void hasNoPagesOfFrameworks(String path) {
        for (var caller : new Client[] {service.admin(), service.nobody()}) {
            var answer = caller.get(path);

            assertThat(answer.status()).as("%s", answer).isEqualTo(404);
            assertThat(answer.problem()).isEqualTo("not-found");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%61pi/v1/jobs",
                "/api/v1/job%73",
                "/api/v1/jobs?%01=x",
                "/api/v1/jobs?cursor=%02",
                "/api/v1/jobs?cursor=%ED%A0%80",
                "/api/v1/jobs/%C3%28",
                "/api/v1/datasets/%1b%5B31m",
                "/actuator/health?%01=x",
                "/actuator/prometheus?x=%7f",
                "/v3/api-docs?%C2%85",
                "/problems/%6eot-found",
                "/nothing?x=%FF"
            })
    void refusesDisguisesAndControlCharactersEverywhere(String path) {
        var answer = service.admin().get(path);

        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
    }

    @Test
    void doesNotTrace() {
        var status = new RawRequest(service.address())
                .status("TRACE /api/v1/jobs HTTP/1.1\nHost: localhost\nConnection: close", new byte[0]);

        assertThat(status).isEqualTo(405);
    }
}
