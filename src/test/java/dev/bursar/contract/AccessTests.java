package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.contract.AccessTable.Row;
import dev.bursar.testing.ServiceTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.core.env.Environment;

/** Every cell of {@code docs/access.md} against the service: the operations are those of the contract. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTests {

    private static final String LAB = "access-lab";

    private final Client admin;
    private AccessScene scene;

    @SuppressWarnings("NullAway.Init") // before all
    AccessTests(Environment environment) {
        admin = Service.in(environment).admin();
    }

    @BeforeAll
    void fillTwoLabs() {
        scene = new AccessScene(admin, LAB);
    }

    @Test
    void hasARowForEveryOperationAndNoOther() {
        var documented = AccessTable.rows().stream().map(Row::operation).distinct();
        var published = Contract.operations().stream().map(Operation::toString).toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(published);
    }

    @TestFactory
    Stream<DynamicTest> everyCellIsTrue() {
        return AccessTable.rows().stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> tryRow(row)));
    }

    @Test
    void showsAForeignOwnerOnlyTheirOwn() {
        for (var list : List.of("labs", "budgets", "datasets", "jobs", "api-keys", "audit")) {
            var answer = made(scene.caller("foreign owner").get("/api/v1/" + list));

            assertThat(answer.body())
                    .as(list)
                    .doesNotContain("\"" + LAB + "\"", "\"" + LAB + "/")
                    .doesNotContain(scene.thing("job"));
        }
    }

    private void tryRow(Row row) {
        var operation = Contract.operation(row.operation());
        var found = AccessTable.COLUMNS.stream()
                .map(column -> verdict(ask(operation, row.what(), column)))
                .toList();

        assertThat(found).as("%s, %s", row, AccessTable.COLUMNS).isEqualTo(row.cells());
    }

    private static String verdict(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isLessThan(500);
        return List.of(401, 403, 404).contains(answer.status()) ? Integer.toString(answer.status()) : "yes";
    }

    private Answer ask(Operation operation, String what, String column) {
        var request = scene.request(operation, what, column);
        return scene.caller(column).send(request.method(), request.address(), request.body(), request.headers());
    }
}
