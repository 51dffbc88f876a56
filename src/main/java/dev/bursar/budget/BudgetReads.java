package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is shown of budgets, each to whom may see it. */
@Repository
class BudgetReads {

    private final JdbcClient jdbc;
    private final Accruing accruing;
    private final Clock clock;

    BudgetReads(JdbcClient jdbc, Accruing accruing, Clock clock) {
        this.jdbc = jdbc;
        this.accruing = accruing;
        this.clock = clock;
    }

    Optional<BudgetView> find(Caller caller, String id) {
        return one(caller, id).query(BudgetView::of).optional();
    }

    /** With what running work has used and is not charged yet. */
    Optional<BudgetView> findWithAccrued(Caller caller, String id) {
        var accrued = accrued(id);
        return one(caller, id)
                .query((row, number) -> BudgetView.of(row, accrued))
                .optional();
    }

    private JdbcClient.StatementSpec one(Caller caller, String id) {
        return jdbc.sql(BudgetView.SELECT + "where id = :id and (cast(:lab as text) is null or lab_id = :lab)")
                .param("now", Timestamp.from(clock.instant()))
                .param("id", id)
                .param("lab", caller.lab() == null ? null : caller.lab().value());
    }

    private Money accrued(String budget) {
        var charged = new HashMap<HoldId, Money>();
        jdbc.sql("""
                        select h.id, h.charged from budget b join hold h on h.lab_id = b.lab_id
                        where b.id = :budget and h.settled_at is null
                          and h.windows && (select array_agg(id) from budget_window where budget_id = :budget)
                        """).param("budget", budget).query(row -> {
            charged.put(new HoldId(row.getString("id")), Money.of(row.getBigDecimal("charged")));
        });
        return accruing.usedSoFar(charged.keySet()).entrySet().stream()
                .map(used -> used.getValue().minus(Objects.requireNonNull(charged.get(used.getKey()))))
                .filter(Money::isPositive)
                .reduce(Money.ZERO, Money::plus);
    }

    /** All its windows, the latest first. */
    Page<BudgetWindow> windows(String budget, @Nullable String before, int limit) {
        var rows = jdbc.sql("""
                        select w.*, w.starts_at as window_starts_at, nullif(w.ends_at, 'infinity') as window_ends_at
                        from budget_window w
                        where budget_id = :budget and (cast(:before as text) is null or month < :before)
                        order by starts_at desc limit :limit
                        """)
                .param("budget", budget)
                .param("before", before)
                .param("limit", limit + 1)
                .query(BudgetWindow::of)
                .list();
        return Page.of(rows, limit, window -> Objects.requireNonNull(window.month()));
    }

    Page<BudgetView> list(@Nullable String lab, @Nullable String before, int limit) {
        var rows = jdbc.sql(BudgetView.SELECT + """
                        where (cast(:lab as text) is null or lab_id = :lab) and (cast(:before as text) is null or id < :before)
                        order by id desc limit :limit
                        """)
                .param("now", Timestamp.from(clock.instant()))
                .param("lab", lab)
                .param("before", before)
                .param("limit", limit + 1)
                .query(BudgetView::of)
                .list();
        return Page.of(rows, limit, BudgetView::id);
    }

    Page<Entry> ledger(String budget, @Nullable String before, int limit) {
        var rows = jdbc.sql("""
                        select e.*, h.kind as purpose, h.member_id, h.instance_type from ledger_entry e
                        join budget_window w on w.id = e.window_id left join hold h on h.id = e.hold_id
                        where w.budget_id = :budget and (cast(:before as bigint) is null or e.id < :before)
                        order by e.id desc limit :limit
                        """)
                .param("budget", budget)
                .param("before", before == null ? null : cursor(before))
                .param("limit", limit + 1)
                .query(Entry::of)
                .list();
        return Page.of(rows, limit, Entry::id);
    }

    /** What was spent and is held, summed up by one column of the holds. */
    List<Line> statement(String budget, By by, @Nullable String month) {
        return jdbc.sql("""
                        select %s as what, count(distinct h.id) as workloads,
                          sum(case when e.kind = 'CHARGE' then e.amount when e.kind = 'ADJUSTMENT' then e.amount else 0 end) as charged,
                          sum(case when e.kind = 'OVERRUN' then e.amount else 0 end) as overrun,
                          sum(case e.kind when 'HOLD' then e.amount when 'RELEASE' then -e.amount when 'CHARGE' then -e.amount else 0 end)
                            as held
                        from ledger_entry e join budget_window w on w.id = e.window_id join hold h on h.id = e.hold_id
                        join budget b on b.id = w.budget_id
                        where b.id = :budget and (cast(:month as text) is null or w.month = :month) group by 1 order by 1
                        """.formatted(by.column))
                .param("budget", budget)
                .param("month", month)
                .query((row, number) -> Line.of(row))
                .list();
    }

    private static Long cursor(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw Problem.invalid("cursor", "send the value of next from the page before");
        }
    }

    /** By what a statement sums up. */
    enum By {
        MEMBER("h.member_id"),
        PROJECT("coalesce(h.project_id, '')"),
        KIND("h.kind"),
        INSTANCE_TYPE("h.instance_type"),
        DAY("to_char(e.at at time zone b.time_zone, 'YYYY-MM-DD')");

        private final String column;

        By(String column) {
            this.column = column;
        }
    }

    /** One movement of money. */
    @Schema(name = "LedgerEntry")
    record Entry(
            String id,
            Instant at,

            @Schema(description = "CREDIT, HOLD, CHARGE, RELEASE, ADJUSTMENT or OVERRUN")
            String kind,

            @Schema(description = "US dollars", example = "0.042931")
            Money amount,

            @Schema(description = "the workload; absent for credits") @Nullable String workload,

            @Nullable String member,
            @Nullable String instanceType,
            String actor,
            String reason,
            @Nullable String reference,
            @Nullable String priceBook) {

        static Entry of(ResultSet row, int number) throws SQLException {
            return new Entry(
                    row.getString("id"),
                    row.getTimestamp("at").toInstant(),
                    row.getString("kind"),
                    Money.of(row.getBigDecimal("amount")),
                    row.getString("hold_id"),
                    row.getString("member_id"),
                    row.getString("instance_type"),
                    row.getString("actor"),
                    row.getString("reason"),
                    row.getString("reference"),
                    row.getString("price_book"));
        }
    }

    /**
     * One line of a statement.
     *
     * @param spent charged and overrun
     */
    @Schema(name = "StatementLine")
    record Line(
            @Schema(example = "ada") String what,

            @Schema(description = "how many workloads", example = "3")
            long workloads,

            @Schema(example = "0.012873") Money charged,
            @Schema(example = "0.000000") Money overrun,

            @Schema(description = "charged + overrun", example = "0.012873")
            Money spent,

            @Schema(description = "still set aside", example = "0.042931")
            Money held) {

        static Line of(ResultSet row) throws SQLException {
            var charged = Money.of(row.getBigDecimal("charged"));
            var overrun = Money.of(row.getBigDecimal("overrun"));
            return new Line(
                    row.getString("what"),
                    row.getLong("workloads"),
                    charged,
                    overrun,
                    charged.plus(overrun),
                    Money.of(row.getBigDecimal("held")));
        }
    }
}
