package dev.bursar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Throws damaged copies of its example at every operation: whatever comes, it is the client's mistake and nothing is held:
 * the lab has no budget, so that no damage makes a request that is accepted.
 * Each run draws another seed, which a failure names; {@code -Dbursar.fuzz.seed=…} repeats it, {@code -Dbursar.fuzz.throws=…} throws more.
 */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzTests {

    private static final String LAB = "fuzz";
    private static final int THROWS = Integer.getInteger("bursar.fuzz.throws", 30);

    private final long seed = Long.getLong("bursar.fuzz.seed", new Random().nextLong());
    private final Client admin;
    private final Books books;
    private Client owner;

    FuzzTests(Environment environment, JdbcClient jdbc) {
        admin = Service.in(environment).admin();
        books = new Books(jdbc);
        owner = admin;
    }

    @BeforeAll
    void makeALabWithoutMoney() {
        owner = Tenant.open(admin, LAB).person("OWNER");
    }

    @AfterAll
    void nothingIsHeld() {
        books.requireUntouched(LAB);
    }

    @TestFactory
    Stream<DynamicTest> noOperationFallsOver() {
        return Contract.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> throwAt(operation)));
    }

    private void throwAt(Operation operation) {
        var damage = new Damage(new Random(seed ^ operation.toString().hashCode()));
        for (int at = 0; at < THROWS; at++) {
            var example = operation.examples().get(at % operation.examples().size());
            var body = operation.takesBody() ? damage.body(Contract.changed(example.body(), LAB, Map.of())) : "";
            var address = address(operation, damage, at);
            var answer = owner.send(operation.method(), address, body, example.headers());

            assertThat(answer.status())
                    .as("seed %d, throw %d, %s %s %s: %s", seed, at, operation.method(), address, body, answer)
                    .isBetween(200, 499);
            if (answer.status() >= 400 && !operation.method().equals("HEAD")) {
                assertThat(answer.problem())
                        .as("seed %d, %s %s: %s", seed, address, body, answer)
                        .isNotEmpty();
            }
        }
    }

    /** Where there is no body to damage, the parameters are; else only now and then. */
    private static String address(Operation operation, Damage damage, int at) {
        var damaged = !operation.takesBody() || at % 5 == 0;
        var path = operation.filled(name -> damaged && damage.sometimes()
                ? damage.parameter()
                : name.equals("lab") ? LAB : String.valueOf(operation.exampleOf("path", name, "train.csv")));
        var query = new StringBuilder();
        for (var parameter : operation.parameters("query")) {
            var name = Operation.nameOf(parameter);
            if (damage.sometimes() && !name.equals("wait")) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(damage.parameter());
            }
        }
        return path + query;
    }
}
