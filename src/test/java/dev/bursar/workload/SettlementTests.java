package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.Money;
import dev.bursar.web.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What SageMaker bills is charged, once, and the rest of the hold is given back. */
@LifecycleTest
class SettlementTests {

    private static final Money WORST = Money.of("1.32");

    private final Stories stories;

    SettlementTests(Stories stories) {
        this.stories = stories;
    }

    @Test
    void chargesTheBillAndReleasesTheRest() {
        var work = stories.work().running();
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(132));

        work.later(Duration.ofSeconds(1));

        assertThat(work.state()).isEqualTo(State.COMPLETED);
        assertThat(work.charged()).isEqualTo(Money.of("0.132"));
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(work.events())
                .isEqualTo(
                        "workload.accepted workload.starting workload.in-progress workload.completed workload.settled");
    }

    @Test
    void chargesOnceHoweverOftenItLooks() {
        var work = stories.work().running();
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(132));
        work.later(Duration.ofSeconds(1));
        assertThat(stories.entries(work)).isEqualTo(3);

        work.later(Duration.ofSeconds(1)).later(Duration.ofHours(1));

        assertThat(stories.entries(work)).isEqualTo(3);
        assertThat(stories.jdbc()
                        .sql("select sum(amount) from ledger_entry where hold_id = :id and kind = 'CHARGE'")
                        .param("id", work.id().value())
                        .query(java.math.BigDecimal.class)
                        .single())
                .isEqualByComparingTo("0.132");
    }

    @Test
    void chargesFailedWork() {
        var work = stories.work().running();
        work.job().fails(stories.clock().instant(), Duration.ofSeconds(7), "AlgorithmError: exit code 1");

        work.later(Duration.ofSeconds(1));

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.view().message()).isEqualTo("AlgorithmError: exit code 1");
        assertThat(work.charged()).isEqualTo(Money.of("0.007"));
    }

    @Test
    void doesNotChargeWhatNeverStarted() {
        var work = stories.work().dispatched().looked();
        work.job().fails(stories.clock().instant(), Duration.ZERO, "ClientError: no such image");

        work.later(Duration.ofSeconds(1));

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.charged()).isEqualTo(Money.ZERO);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void chargesWhatReachedItsLimit() {
        var work = stories.work().running();
        work.job().reachesItsLimit(stories.clock().instant(), Duration.ofSeconds(841));

        work.later(Duration.ofSeconds(1));

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.view().stopCause()).isEqualTo(StopCause.MAX_RUNTIME);
        assertThat(work.charged()).isEqualTo(Money.of("0.841"));
    }

    @Test
    void waitsForTheFinalFigureButNotForEver() {
        var work = stories.work().running();
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(20));
        work.job().billIsFinal(false);

        work.later(Duration.ofSeconds(1)).later(Duration.ofMinutes(9));
        assertThat(work.state()).isEqualTo(State.COMPLETED);
        assertThat(work.view().settledAt()).isNull();
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofMinutes(1));
        assertThat(work.charged()).isEqualTo(Money.of("0.02"));
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void settlesAlsoWhereSageMakerDoesNotSayWhenItEnded() {
        var work = stories.work().running();
        work.job().ends(State.STOPPED, stories.clock().instant(), Duration.ofSeconds(20));
        work.job().billIsFinal(false);
        work.job().forgetsWhenItEnded();

        work.later(Duration.ofSeconds(1)).later(Duration.ofMinutes(9)).later(Duration.ofSeconds(61));

        assertThat(work.charged()).isEqualTo(Money.of("0.02"));
        assertThat(work.view().settledAt()).isNotNull();
    }

    @Test
    void chargesByEstimateWhatVanishedOnceThatIsSure() {
        var work = stories.work().running().later(Duration.ofSeconds(60));
        var name = work.name();
        stories.sageMaker().delete(name);

        work.later(Duration.ofMinutes(2)).later(Duration.ofMinutes(17));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofMinutes(2));
        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.view().message()).contains("ESTIMATED");
        assertThat(work.charged()).isEqualTo(Money.of("0.061"));
    }

    @Test
    void doesNotBelieveASingleAnswerThatItIsGone() {
        var work = stories.work().running().later(Duration.ofHours(2));
        var job = work.job();
        var name = work.name();
        stories.sageMaker().delete(name);
        work.later(Duration.ofSeconds(1));
        stories.sageMaker().put(name, job);

        work.later(Duration.ofSeconds(1));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void keepsEverythingWhileAwsDoesNotAnswer() {
        var work = stories.work().running();
        work.job().unreachable(true);

        work.later(Duration.ofHours(1));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.held()).isEqualTo(WORST);

        work.job().unreachable(false);
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(9));
        work.later(Duration.ofSeconds(1));
        assertThat(work.charged()).isEqualTo(Money.of("0.009"));
    }

    @Test
    void recordsWhatNoBudgetCoversAndFreezes() {
        var lab = stories.lab("20");
        var work = stories.work(lab).running();
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofMinutes(500));

        work.later(Duration.ofSeconds(1));

        assertThat(work.charged()).isEqualTo(Money.of("20"));
        assertThat(work.view().cost().overrun()).isEqualTo(Money.of("10"));
        assertThatThrownBy(() -> stories.work(lab)).isInstanceOf(Problem.class);
    }
}
