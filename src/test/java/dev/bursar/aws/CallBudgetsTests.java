package dev.bursar.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bursar.core.Ids;
import dev.bursar.testing.ServiceTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * Rule C1. Replicas are instances on one database; each test has an account of its own. Time that passes is written into
 * the bucket.
 */
@ServiceTest
class CallBudgetsTests {

    private static final CallSettings RULES = new CallSettings(true, 0.9, 1, 5, 1, 1, 1);

    private final JdbcClient jdbc;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AwsAccount account;
    private final CallBudgets one;
    private final CallBudgets other;

    CallBudgetsTests(JdbcClient jdbc) {
        this.jdbc = jdbc;
        var number = Ids.next(Clock.systemUTC().instant());
        account =
                new AwsAccount(1, number, "us-east-1", null, "arn:aws:iam::" + number + ":role/r", "bucket", "", false);
        one = new CallBudgets(jdbc, RULES, meters);
        other = new CallBudgets(jdbc, RULES, new SimpleMeterRegistry());
    }

    @Test
    void givesWhatOneReplicaHasSpentToNoOther() {
        one.spend(account, "CreateTrainingJob");

        assertThatThrownBy(() -> other.spend(account, "CreateTrainingJob"))
                .isInstanceOfSatisfying(
                        NoCallLeft.class,
                        none -> assertThat(none.waitFor()).isBetween(Duration.ofMillis(50), Duration.ofMillis(1112)));
        assertThatThrownBy(() -> one.spend(account, "CreateTrainingJob")).isInstanceOf(NoCallLeft.class);
    }

    @Test
    void givesManyAtOnceNoMoreThanThereIs() throws Exception {
        one.spend(account, "DescribeTrainingJob");
        passes(Duration.ofSeconds(100));
        var replicas = List.of(
                new CallBudgets(jdbc, RULES, new SimpleMeterRegistry()),
                new CallBudgets(jdbc, RULES, new SimpleMeterRegistry()),
                new CallBudgets(jdbc, RULES, new SimpleMeterRegistry()));
        var threads = Executors.newFixedThreadPool(12);
        try {
            var spent = 0;
            for (var answer : threads.invokeAll(java.util.stream.IntStream.range(0, 60)
                    .mapToObj(at -> (Callable<Boolean>) () -> isSpent(replicas.get(at % 3), "DescribeTrainingJob"))
                    .toList())) {
                spent += answer.get() ? 1 : 0;
            }

            // two seconds' worth was saved up; while the test runs a few more come
            assertThat(spent).isBetween(10, 20);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void comesAgainWhenItWasTold() {
        one.spend(account, "CreateTrainingJob");
        passes(Duration.ofMillis(1112));

        other.spend(account, "CreateTrainingJob");

        assertThat(isSpent(one, "CreateTrainingJob")).isFalse();
    }

    @Test
    void leavesStopsTheirOwn() {
        one.spend(account, "CreateTrainingJob");
        assertThat(isSpent(one, "CreateTrainingJob")).isFalse();

        assertThat(isSpent(one, "StopTrainingJob")).isTrue();
        assertThat(isSpent(one, "DescribeTrainingJob")).isTrue();
        assertThat(isSpent(one, "CreateProcessingJob")).isTrue();
        assertThat(isSpent(one, "DeleteEndpoint")).isFalse();
    }

    @Test
    void slowsDownForAllAndOnceASecondOnly() {
        one.spend(account, "ListTrainingJobs");
        one.slowDown(account, "ListTrainingJobs");
        other.slowDown(account, "ListTrainingJobs");

        assertThat(rate()).isEqualTo(0.7, within(1e-9));
        assertThat(gauge()).isEqualTo(0.7, within(1e-9));
        assertThat(isSpent(other, "ListTrainingJobs")).isFalse();

        for (var throttle = 0; throttle < 20; throttle++) {
            passes(Duration.ofMillis(1100));
            one.slowDown(account, "ListTrainingJobs");
        }
        assertThat(rate()).isEqualTo(0.05, within(1e-9));
    }

    @Test
    void recoversByFivePercentAMinuteUpToItsCeiling() {
        one.spend(account, "ListTrainingJobs");
        one.slowDown(account, "ListTrainingJobs");

        passes(Duration.ofMinutes(1));
        one.spend(account, "ListTrainingJobs");
        assertThat(rate()).isEqualTo(0.735, within(0.001));

        passes(Duration.ofHours(1));
        other.spend(account, "ListTrainingJobs");
        assertThat(rate()).isEqualTo(1, within(1e-9));
    }

    @Test
    void doesNotCallAwsWithoutAToken() {
        var clients = new AwsClients(
                new Nowhere(), new CallGate(meters), new AwsTime(Clock.systemUTC(), new Nowhere()), one, RULES);
        isSpent(one, "StopTrainingJob");

        assertThatThrownBy(() -> clients.sageMaker(account).stopTrainingJob(stop -> stop.trainingJobName("x")))
                .isInstanceOfSatisfying(
                        NoCallLeft.class, none -> assertThat(Refusal.of(none)).isEqualTo(Refusal.THROTTLED));
    }

    private static boolean isSpent(CallBudgets budgets, String operation, AwsAccount account) {
        try {
            budgets.spend(account, operation);
            return true;
        } catch (NoCallLeft e) {
            return false;
        }
    }

    private boolean isSpent(CallBudgets budgets, String operation) {
        return isSpent(budgets, operation, account);
    }

    private void passes(Duration time) {
        jdbc.sql("""
                        update call_budget set refilled_at = refilled_at - make_interval(secs => :seconds),
                                               slowed_at = slowed_at - make_interval(secs => :seconds)
                        where account = :account
                        """)
                .param("seconds", time.toMillis() / 1000.0)
                .param("account", account.account())
                .update();
    }

    private double rate() {
        return jdbc.sql("select rate from call_budget where account = :account")
                .param("account", account.account())
                .query(Double.class)
                .single();
    }

    private double gauge() {
        return meters.get("bursar.aws.budget.rate")
                .tag("account", account.account())
                .gauge()
                .value();
    }

    /** An address at which nobody answers. */
    private record Nowhere() implements AwsConnectionDetails {

        @Override
        public Region region() {
            return Region.US_EAST_1;
        }

        @Override
        public URI endpoint(String service) {
            return URI.create("http://127.0.0.1:9");
        }

        @Override
        public AwsCredentialsProvider credentials() {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b"));
        }

        @Override
        public boolean isSimulated() {
            return false;
        }
    }
}
