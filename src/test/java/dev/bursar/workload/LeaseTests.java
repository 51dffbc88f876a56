package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Money;
import dev.bursar.workload.Stories.Work;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Rule M6: what SageMaker does not limit is paid stretch by stretch, and stopped before its money is used up. */
@LifecycleTest
class LeaseTests {

    private static final Duration FIRST = LeasedDriver.LEASE.first().plus(LeasedDriver.MARGIN);
    private static final Duration NEXT = LeasedDriver.LEASE.next().plus(LeasedDriver.MARGIN);

    @Autowired
    private Stories stories;

    @Test
    void holdsTheFirstStretchWithItsMarginBeforeItIsCreated() {
        var work = stories.leased(stories.lab("1000"), null);

        assertThat(work.held()).isEqualTo(LeasedDriver.RATE.worstCase(FIRST));
        assertThat(work.view().cost().maxRuntime()).isNull();
    }

    @Test
    void chargesWhatIsUsedAndHoldsTheNextStretchAheadOfTheEnd() {
        var work = stories.leased(stories.lab("1000"), null).dispatched().looked();
        var started = work.view().startedAt();

        work.through(Duration.ofMinutes(49));
        assertThat(work.charged()).isEqualTo(Money.ZERO);

        work.through(Duration.ofMinutes(2));
        assertThat(work.charged().isPositive()).isTrue();
        assertThat(work.charged().plus(work.held()))
                .isEqualTo(LeasedDriver.RATE.worstCase(between(started, paidUntil(work))));
        assertThat(Duration.between(stories.clock().instant(), paidUntil(work))).isLessThanOrEqualTo(NEXT);
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void isPaidToTheMicroDollarAfterManyStretches() {
        var work = stories.leased(stories.lab("1000"), null).dispatched().looked();

        work.through(Duration.ofHours(5)).stopped().through(Duration.ofMinutes(1));

        var job = job(work);
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.charged()).isEqualTo(cost(job.startedAt(), job.endedAt()));
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(work.view().cost().overrun()).isEqualTo(Money.ZERO);
        assertThat(stretches(work)).isZero();
    }

    @Test
    void isStoppedWhenOnlyItsMarginIsLeftAndNoMoneyComes() {
        var work = stories.leased(stories.lab("80"), null).dispatched().looked();

        work.through(Duration.ofHours(2));

        endedWithinItsMoney(work);
        assertThat(work.view().stopCause()).isEqualTo(StopCause.LEASE_END);
        assertThat(work.view().message()).contains("no money for the next stretch");
    }

    @Test
    void endsWithinItsMoneyAlsoWhenStopsAreRefusedAndSlow() {
        var work = stories.leased(stories.lab("80"), null).dispatched().looked();
        job(work).refusesStopsUntil(stories.clock().instant().plus(Duration.ofMinutes(63)));
        job(work).stopTakes(Duration.ofMinutes(3));

        work.through(Duration.ofHours(2));

        endedWithinItsMoney(work);
    }

    @Test
    void isRenewedByTimeWhileAwsDoesNotAnswer() {
        var work = stories.leased(stories.lab("1000"), null).dispatched().looked();
        job(work).unreachable(true);

        work.through(Duration.ofHours(3));

        assertThat(paidUntil(work)).isAfter(stories.clock().instant());
        assertThat(work.held())
                .isEqualTo(LeasedDriver.RATE.worstCase(between(work.view().startedAt(), paidUntil(work))));
        assertThat(work.charged()).isEqualTo(Money.ZERO);
    }

    @Test
    void chargesExactlyWhatAServiceThatWasDeadForTwoLeasesCouldNotPay() {
        var work = stories.leased(stories.lab("80"), null).dispatched().looked();

        work.after(Duration.ofHours(2)).later(Duration.ofSeconds(1)).through(Duration.ofMinutes(2));

        var job = job(work);
        var cost = cost(job.startedAt(), job.endedAt());
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.charged()).isEqualTo(Money.of("80"));
        assertThat(work.view().cost().overrun()).isEqualTo(cost.minus(Money.of("80")));
        assertThat(work.events()).contains("budget.overrun");
        assertThat(frozenWindows(work)).isEqualTo(1);
    }

    @Test
    void isStoppedBeforeItCostsMoreThanItsMaxCost() {
        var most = Money.of("100");
        var work = stories.leased(stories.lab("1000"), most).dispatched().looked();

        work.through(Duration.ofHours(4));

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.view().stopCause()).isEqualTo(StopCause.MAX_COST);
        assertThat(work.charged()).isLessThanOrEqualTo(most);
        assertThat(work.charged()).isGreaterThan(Money.of("90"));
    }

    @Test
    void holdsMoreForAJobThatEndsLate() {
        var work = stories.work().running();
        var worst = work.held();

        work.through(Duration.ofMinutes(21));

        assertThat(work.held()).isEqualTo(worst.plus(Money.of("0.3")));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void stopsLeasesAloneWhereALabIsFrozenForThem() {
        var lab = stories.lab("1000");
        var lease = stories.leased(lab, null).dispatched().looked();
        var job = stories.work(lab).running();

        stories.freezing()
                .freeze(lab, new Freezing.Order(Freezing.Stop.LEASED, "enough"), dev.bursar.core.Caller.BURSAR);
        lease.through(Duration.ofMinutes(1));

        assertThat(List.of(lease.state(), job.state())).containsExactly(State.STOPPED, State.IN_PROGRESS);
    }

    private void endedWithinItsMoney(Work work) {
        var job = job(work);
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(job.endedAt()).isBeforeOrEqualTo(job.startedAt().plus(FIRST));
        assertThat(work.charged()).isEqualTo(cost(job.startedAt(), job.endedAt()));
        assertThat(work.view().cost().overrun()).isEqualTo(Money.ZERO);
        assertThat(frozenWindows(work)).isZero();
    }

    private LeasedDriver.Job job(Work work) {
        return stories.leases().job(work.name());
    }

    private Instant paidUntil(Work work) {
        return java.util.Objects.requireNonNull(work.view().cost().paidUntil());
    }

    private int stretches(Work work) {
        return count(
                "select count(*) from stretch where workload_id = :id",
                work.id().value());
    }

    private int frozenWindows(Work work) {
        return count("""
                select count(*) from budget_window w join budget b on b.id = w.budget_id
                where b.lab_id = :id and w.frozen_at is not null""", work.lab().value());
    }

    private int count(String statement, String id) {
        return stories.jdbc()
                .sql(statement)
                .param("id", id)
                .query(Integer.class)
                .single();
    }

    /** The judge's own sum: half up to the micro-dollar. */
    private static Money cost(Instant from, Instant to) {
        var millis = BigDecimal.valueOf(Duration.between(from, to).toMillis());
        return new Money(new BigDecimal("63.296")
                .multiply(millis)
                .divide(BigDecimal.valueOf(3_600_000), 6, java.math.RoundingMode.HALF_UP));
    }

    private static Duration between(@org.jspecify.annotations.Nullable Instant from, Instant to) {
        return Duration.between(java.util.Objects.requireNonNull(from), to);
    }
}
