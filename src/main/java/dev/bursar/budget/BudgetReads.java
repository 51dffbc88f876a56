package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is shown of budgets, each to whom may see it. */
@Repository
class BudgetReads {

    private final JdbcClient jdbc;

    BudgetReads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<BudgetView> find(Caller caller, String id) {
        return jdbc.sql(BudgetView.SELECT + "where b.id = :id and (cast(:lab as text) is null or b.lab_id = :lab)")
                .param("id", id)
                .param("lab", caller.lab() == null ? null : caller.lab().value())
                .query(BudgetView::of)
                .optional();
    }

    Page<BudgetView> list(@Nullable String lab, @Nullable String before, int limit) {
        var rows = jdbc.sql(BudgetView.SELECT + """
                        where (cast(:lab as text) is null or b.lab_id = :lab) and (cast(:before as text) is null or b.id < :before)
                        order by b.id desc limit :limit
                        """)
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
    List<Line> statement(String budget, By by) {
        return jdbc.sql("""
                        select %s as what, count(distinct h.id) as workloads,
                          sum(case when e.kind = 'CHARGE' then e.amount when e.kind = 'ADJUSTMENT' then e.amount else 0 end) as charged,
                          sum(case when e.kind = 'OVERRUN' then e.amount else 0 end) as overrun,
                          sum(case e.kind when 'HOLD' then e.amount when 'RELEASE' then -e.amount when 'CHARGE' then -e.amount else 0 end)
                            as held
                        from ledger_entry e join budget_window w on w.id = e.window_id join hold h on h.id = e.hold_id
                        where w.budget_id = :budget group by 1 order by 1
                        """.formatted(by.column))
                .param("budget", budget)
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
        DAY("to_char(e.at at time zone 'UTC', 'YYYY-MM-DD')");

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
