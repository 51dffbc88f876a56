package dev.bursar.contract;

import static org.assertj.core.api.Assertions.fail;

import dev.bursar.testing.ServiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** The file that is published and the service that runs say the same. */
@ServiceTest
class OpenApiContractTests {

    private static final String WRITE = "./mvnw test -Dtest=OpenApiContractTests -Dbursar.openapi.write=true";
    private static final int AROUND = 4;

    private final Service service;

    OpenApiContractTests(Environment environment) {
        service = Service.in(environment);
    }

    @Test
    void publishesWhatTheServiceDoes() throws IOException {
        var now = Contract.yaml(service.nobody().get("/v3/api-docs").body());

        if (Boolean.getBoolean("bursar.openapi.write")) {
            Files.writeString(Contract.FILE, now);
        }

        var published = Files.exists(Contract.FILE) ? Files.readString(Contract.FILE) : "";
        if (!published.equals(now)) {
            fail(difference(published.lines().toList(), now.lines().toList()));
        }
    }

    private static String difference(List<String> published, List<String> now) {
        int line = 0;
        while (line < Math.min(published.size(), now.size())
                && published.get(line).equals(now.get(line))) {
            line++;
        }
        return """
                %s and the service differ from line %d on.
                published:
                %s
                the service:
                %s
                If the service is right, write the file anew and look at the diff: %s
                """.formatted(Contract.FILE, line + 1, around(published, line), around(now, line), WRITE);
    }

    private static String around(List<String> lines, int line) {
        var from = Math.max(0, line - AROUND);
        return String.join("\n", lines.subList(Math.min(from, lines.size()), Math.min(line + AROUND, lines.size())));
    }
}
