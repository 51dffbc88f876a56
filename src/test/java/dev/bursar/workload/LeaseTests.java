package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

        work.through(Duration.ofHours(5)).stopped().through(Duration.ofMinutes(2));

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
    void isNotRenewedWhereItCannotBeBookedForTenMinutes() {
        var work = stories.leased(stories.lab("1000"), null).dispatched().looked();
        job(work).breaks(true);

        work.through(Duration.ofHours(3));

        assertThat(job(work).endedAt()).isBeforeOrEqualTo(paidUntil(work));
        job(work).breaks(false);
        work.later(Duration.ofMinutes(10));
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.view().stopCause()).isEqualTo(StopCause.LEASE_END);
        assertThat(work.charged())
                .isEqualTo(cost(job(work).startedAt(), job(work).endedAt()));
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
    void neverPassesTheEndOfItsGrant() {
        var end = stories.clock().instant().plus(Duration.ofMinutes(100));
        var work = stories.leased(stories.lab("1000", end), null).dispatched().looked();

        work.through(Duration.ofMinutes(99));

        assertThat(work.view().stopCause()).isEqualTo(StopCause.LEASE_END);
        assertThat(job(work).endedAt()).isBeforeOrEqualTo(end);
        assertThat(job(work).endedAt()).isAfter(end.minus(LeasedDriver.MARGIN).minusSeconds(61));
    }

    @Test
    void isCutAtTheEndOfTheMonthAndGoesOnInTheNext() {
        var end = nextMonth();
        until70MinutesBefore(end);
        var lab = monthlyLab("150");
        var work = stories.leased(lab, null).dispatched().looked();

        work.through(Duration.ofMinutes(100)).stopped().through(Duration.ofMinutes(2));

        var job = job(work);
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.charged()).isEqualTo(cost(job.startedAt(), job.endedAt()));
        var months = stories.jdbc()
                .sql("""
                        select w.charged from budget_window w join budget b on b.id = w.budget_id
                        where b.lab_id = :lab and b.member_id is not null and w.charged > 0 order by w.starts_at""")
                .param("lab", lab.value())
                .query((row, number) -> Money.of(row.getBigDecimal(1)))
                .list();
        assertThat(months).hasSize(2);
        assertThat(months.get(0).amount())
                .isCloseTo(cost(job.startedAt(), end).amount(), within(new BigDecimal("1.1")));
        assertThat(months.get(0).plus(months.get(1))).isEqualTo(work.charged());
    }

    @Test
    void keepsForARenewalWhatNewWorkWouldTake() {
        var lab = stories.lab("79.2");
        var other = stories.work(lab).running();
        var lease = stories.leased(lab, null).dispatched().looked();
        lease.through(Duration.ofMinutes(51));
        assertThat(lease.held()).isEqualTo(LeasedDriver.RATE.worstCase(FIRST));

        var late = stories.work(lab);
        assertThat(late.view().reason()).isEqualTo(Reason.BUDGET);
        assertThat(late.view().message()).contains("keeps its money for work");

        other.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(1));
        lease.through(Duration.ofMinutes(1));
        assertThat(late.view().reason()).isEqualTo(Reason.BUDGET);
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
    void paysTheOthersWhereOneCannotBePaid() {
        var unreadable = stories.leased(stories.lab("1000"), null).dispatched().looked();
        var work = stories.leased(stories.lab("1000"), null).dispatched().looked();
        var quote = stories.jdbc()
                .sql("select quote::text from workload where id = :id")
                .param("id", unreadable.id().value())
                .query(String.class)
                .single();
        quote(unreadable, "{}");

        stories.clock().advance(Duration.ofMinutes(51));
        stories.renewal().tick();

        assertThat(Duration.between(stories.clock().instant(), paidUntil(work))).isEqualTo(NEXT);
        quote(unreadable, quote);
        stories.clock().advance(Duration.ofSeconds(6));
        stories.renewal().tick();
        assertThat(Duration.between(stories.clock().instant(), paidUntil(unreadable)))
                .isEqualTo(NEXT);
    }

    @Test
    void ordersAStopAgainThatWasLostBetweenTwoTransactions() {
        var work = stories.leased(stories.lab("80"), null).dispatched().looked();
        work.through(Duration.ofMinutes(59));
        stories.clock().advance(Duration.ofMinutes(1));
        stories.renewal().tick();
        assertThat(work.state()).isEqualTo(State.STOPPING);

        stories.jdbc()
                .sql(
                        "update workload set state = 'IN_PROGRESS', stop_requested_at = null, stop_cause = null where id = :id")
                .param("id", work.id().value())
                .update();
        stories.clock().advance(Duration.ofSeconds(6));
        stories.renewal().tick();

        assertThat(work.state()).isEqualTo(State.STOPPING);
        assertThat(count(
                        "select count(*) from hold where id = :id and wanted > 0",
                        work.id().value()))
                .isZero();
    }

    @Test
    void stopsLeasesAloneWhereALabIsFrozenForThem() {
        var lab = stories.lab("1000");
        var lease = stories.leased(lab, null).dispatched().looked();
        var job = stories.work(lab).running();

        stories.freezing()
                .freeze(lab, new Freezing.Order(Freezing.Stop.LEASED, "enough"), dev.bursar.core.Caller.BURSAR);
        lease.through(Duration.ofMinutes(2));

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

    private dev.bursar.core.LabId monthlyLab(String amount) {
        var lab = stories.lab("1000");
        stories.jdbc()
                .sql("""
                        with made as (
                          insert into budget (id, version, lab_id, member_id, given, name, created_at, period, monthly_amount)
                          values (:id, 0, :lab, 'ada', false, 'm', :now, 'MONTHLY', cast(:amount as numeric)) returning id
                        ), opened as (
                          insert into budget_window (budget_id, month, starts_at, ends_at, amount)
                          select id, to_char(:now at time zone 'UTC', 'YYYY-MM'), :now, :end, cast(:amount as numeric) from made
                          returning id
                        )
                        insert into ledger_entry (window_id, kind, amount, at, actor, reason)
                        select id, 'CREDIT', cast(:amount as numeric), :now, 't', 't' from opened
                        """)
                .param("id", dev.bursar.core.Ids.next(stories.clock().instant()))
                .param("lab", lab.value())
                .param("amount", amount)
                .param("now", java.sql.Timestamp.from(stories.clock().instant()))
                .param("end", java.sql.Timestamp.from(nextMonth()))
                .update();
        return lab;
    }

    private Instant nextMonth() {
        var now = stories.clock().instant().atZone(java.time.ZoneOffset.UTC);
        return now.toLocalDate()
                .withDayOfMonth(1)
                .plusMonths(1)
                .atStartOfDay(java.time.ZoneOffset.UTC)
                .toInstant();
    }

    private void until70MinutesBefore(Instant end) {
        stories.clock().advance(Duration.between(stories.clock().instant(), end.minus(Duration.ofMinutes(70))));
    }

    private void quote(Work work, String text) {
        stories.jdbc()
                .sql("update workload set quote = cast(:quote as jsonb) where id = :id")
                .param("quote", text)
                .param("id", work.id().value())
                .update();
    }

    private LeasedDriver.Job job(Work work) {
        return stories.leases().job(work.name());
    }

    private Instant paidUntil(Work work) {
        return java.util.Objects.requireNonNull(work.view().cost().paidUntil());
    }

    private int stretches(Work work) {
        return count(
                "select count(*) from paid_time where workload_id = :id",
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
