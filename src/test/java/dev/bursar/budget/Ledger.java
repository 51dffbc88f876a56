package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import dev.bursar.core.Role;
import dev.bursar.event.Events;
import dev.bursar.testing.MutableClock;
import dev.bursar.testing.TestLabs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Everything that moves money, on the service's database and on a clock of its own. It begins years ahead, where the
 * service's own duties, which go by its own clock, find nothing to do.
 */
final class Ledger {

    final MutableClock clock = new MutableClock();
    final Mortal mortal;
    final JdbcClient jdbc;
    final TransactionTemplate transaction;
    final Months months;
    final Holds holds;
    final Purse purse;
    final Revisions revisions;
    final Amounts amounts;
    final BudgetRepository budgets;
    final Rollover rollover;
    final LabId lab;

    Ledger(ApplicationContext service, Instant start) {
        mortal = new Mortal(service.getBean(DataSource.class));
        jdbc = JdbcClient.create(mortal);
        transaction = service.getBean(TransactionTemplate.class);
        budgets = service.getBean(BudgetRepository.class);
        var events = service.getBean(Events.class);
        clock.advance(Duration.between(clock.instant(), start));
        months = new Months(jdbc, events);
        amounts = new Amounts(jdbc);
        holds = new Holds(new MoneyTables(jdbc), new Stretches(jdbc), new Grants(jdbc), months, events, clock);
        purse = new Purse(budgets, amounts, months, jdbc, events, clock);
        revisions = new Revisions(jdbc, amounts, months, purse, events, clock);
        rollover = new Rollover(months, transaction, clock);
        lab = new TestLabs(jdbc, start).lab();
    }

    void moveTo(String instant) {
        clock.advance(Duration.between(clock.instant(), Instant.parse(instant)));
    }

    String monthly(String amount, CarryOver carryOver, String zone) {
        return monthly(null, null, amount, carryOver, zone);
    }

    String monthly(@Nullable ProjectId project, @Nullable MemberId member, String amount, CarryOver carryOver) {
        return monthly(project, member, amount, carryOver, "UTC");
    }

    private String monthly(
            @Nullable ProjectId project, @Nullable MemberId member, String amount, CarryOver carryOver, String zone) {
        return open(new NewBudget(
                lab.value(),
                project,
                member,
                "months",
                null,
                null,
                null,
                null,
                null,
                Period.MONTHLY,
                Money.of(amount),
                carryOver,
                zone));
    }

    String grant(String amount, @Nullable Instant endsAt) {
        return open(new NewBudget(
                lab.value(), null, null, "grant", Money.of(amount), null, null, null, endsAt, null, null, null, null));
    }

    String open(NewBudget asked) {
        return open(asked, Caller.BURSAR);
    }

    String open(NewBudget asked, Caller by) {
        return in(() -> purse.open(lab, asked, by)).id();
    }

    /** Somebody of the lab who may divide its money and bring none in. */
    Caller owner() {
        return new Caller(lab, new MemberId("pi"), Role.OWNER, false, null, null, null);
    }

    /** One amount for a project, for a member, or for the lab. */
    NewBudget once(@Nullable String project, @Nullable String member, String amount) {
        return new NewBudget(
                lab.value(),
                project == null ? null : new ProjectId(project),
                member == null ? null : new MemberId(member),
                "of " + (project == null ? member == null ? "the lab" : member : project),
                Money.of(amount),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    HoldId take(String amount) {
        var id = newHold();
        var shortage = take(id, amount, clock.instant());
        if (shortage.isPresent()) {
            throw new AssertionError(shortage.get().sentence());
        }
        return id;
    }

    HoldId newHold() {
        return new HoldId("h" + Ids.next(clock.instant()));
    }

    Optional<Shortage> take(HoldId id, String amount, Instant surelyOverBy) {
        return in(() -> holds.take(purpose(id, null), Money.of(amount), surelyOverBy, Caller.BURSAR));
    }

    Purpose purpose(HoldId id, @Nullable ProjectId project) {
        return new Purpose(id, lab, project, new MemberId("ada"), "made-up", "ml.test", "tests/1");
    }

    Optional<Shortage> roll(HoldId id, String charged, String held) {
        return in(() -> holds.roll(id, Money.of(charged), Money.of(held), Caller.BURSAR));
    }

    void settle(HoldId id, String charged) {
        transaction.executeWithoutResult(status -> holds.settle(id, Money.of(charged), "settled", Caller.BURSAR));
    }

    void credit(String budget, String amount) {
        credit(budget, amount, Caller.BURSAR);
    }

    void credit(String budget, String amount, Caller by) {
        in(() -> purse.credit(
                budgets.findById(budget).orElseThrow(), Money.of(amount), new Purse.Reason("more", null), by));
    }

    void revise(String budget, Revisions.Change change) {
        revise(budget, change, Caller.BURSAR);
    }

    void revise(String budget, Revisions.Change change, Caller by) {
        in(() -> revisions.revise(view(budget), view(budget).version(), change, by));
    }

    void transfer(String from, String to, String amount, Caller by) {
        in(() -> revisions.transfer(view(from), view(to), new Revisions.Transfer(to, Money.of(amount), "tests"), by));
    }

    void close(String budget) {
        in(() -> revisions.close(view(budget), Caller.BURSAR));
    }

    BudgetView view(String budget) {
        return purse.view(budget).orElseThrow();
    }

    /** Month, amount, held, charged, overrun of each window, the earliest first. */
    List<String> windows(String budget) {
        return jdbc.sql("""
                        select concat_ws(' ', month, trim_scale(amount), trim_scale(held), trim_scale(charged), trim_scale(overrun))
                        from budget_window where budget_id = :budget order by starts_at
                        """).param("budget", budget).query(String.class).list();
    }

    /** What the audit finds wrong in this lab. */
    List<String> differences() {
        return jdbc.sql("select what from ledger_difference where lab_id = :lab")
                .param("lab", lab.value())
                .query(String.class)
                .list();
    }

    <T> T in(Supplier<T> verb) {
        return Objects.requireNonNull(transaction.execute(status -> verb.get()));
    }
}
