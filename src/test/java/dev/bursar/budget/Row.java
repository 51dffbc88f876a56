package dev.bursar.budget;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A window as it stands, as its ledger sums up, and as its holds do: three sums that share nothing. */
record Row(Sums window, Sums ledger, long heldByHolds, boolean frozen) {

    private static final String SUMS = """
            select w.amount, w.held, w.charged, w.overrun, w.frozen_at is not null as frozen, e.*,
              (select coalesce(sum(h.held), 0) from hold h where w.id = any(h.windows) %s) as by_holds
            from budget_window w, lateral (
              select coalesce(sum(amount) filter (where kind = 'CREDIT'), 0) as e_amount,
                coalesce(sum(case kind when 'HOLD' then amount when 'RELEASE' then -amount when 'CHARGE' then -amount
                  else 0 end), 0) as e_held,
                coalesce(sum(amount) filter (where kind in ('CHARGE', 'ADJUSTMENT')), 0) as e_charged,
                coalesce(sum(amount) filter (where kind = 'OVERRUN'), 0) as e_overrun
              from ledger_entry where window_id = w.id
            ) e\s""";

    static Row of(JdbcClient jdbc, long window) {
        return jdbc.sql(SUMS.formatted("") + "where w.id = :window")
                .param("window", window)
                .query(Row::of)
                .single();
    }

    /** The windows of a budget, the earliest first, with these holds in them. */
    static List<Row> ofBudget(JdbcClient jdbc, String budget, List<String> holds) {
        return jdbc.sql(SUMS.formatted("and h.id in (:holds)") + "where w.budget_id = :budget order by w.starts_at")
                .param("budget", budget)
                .param("holds", holds.isEmpty() ? List.of("none") : holds)
                .query(Row::of)
                .list();
    }

    private static Row of(ResultSet row, int number) throws SQLException {
        return new Row(
                new Sums(micros(row, "amount"), micros(row, "held"), micros(row, "charged"), micros(row, "overrun")),
                new Sums(
                        micros(row, "e_amount"),
                        micros(row, "e_held"),
                        micros(row, "e_charged"),
                        micros(row, "e_overrun")),
                micros(row, "by_holds"),
                row.getBoolean("frozen"));
    }

    private static long micros(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).movePointRight(6).longValueExact();
    }
}
