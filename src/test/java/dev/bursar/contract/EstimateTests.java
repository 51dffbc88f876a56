package dev.bursar.contract;

import static dev.bursar.contract.Trainings.xgboost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An estimate says what would be held of which budgets and what would become of the request, and holds nothing. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EstimateTests {

    private static final String RICH = "estimate-rich";
    private static final String POOR = "estimate-poor";
    private static final String NONE = "estimate-none";

    private final Client admin;
    private final Books books;

    EstimateTests(Environment environment, JdbcClient jdbc) {
        admin = Service.in(environment).admin();
        books = new Books(jdbc);
    }

    @BeforeAll
    void makeLabs() {
        var data = "1,17.99,10.38\n0,13.54,14.36\n".getBytes(StandardCharsets.UTF_8);
        Tenant.open(admin, RICH).withBudget("20").upload("biopsies", "train.csv", data);
        Tenant.open(admin, POOR).withBudget("0.01").upload("biopsies", "train.csv", data);
        Tenant.open(admin, NONE).upload("biopsies", "train.csv", data);
    }

    @AfterEach
    void nothingIsHeld() {
        books.requireUntouched(RICH);
        books.requireUntouched(POOR);
    }

    @Test
    void namesTheBudgetsThatWouldPay() {
        var estimate = admin.post("/api/v1/estimates", xgboost(RICH));

        assertThat(estimate.status()).isEqualTo(200);
        assertThat(estimate.text("admitted")).isEqualTo("NOW");
        assertThat(estimate.body()).contains("\"payers\":[{", "\"available\":20.000000");
    }

    @Test
    void saysWhichBudgetIsInTheWay() {
        var estimate = admin.post("/api/v1/estimates", xgboost(POOR));

        assertThat(estimate.text("admitted")).isEqualTo("NO");
        assertThat(estimate.text("why")).contains("can never pay this", "$0.010000 left");
    }

    @Test
    void saysThatNoBudgetApplies() {
        var estimate = admin.post("/api/v1/estimates", xgboost(NONE));

        assertThat(estimate.text("admitted")).isEqualTo("NO");
        assertThat(estimate.text("why")).contains("No open budget applies");
    }
}
