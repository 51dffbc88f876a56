package dev.bursar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database itself says of a lab's money and work. */
record Books(JdbcClient jdbc) {

    /** Nothing is held, spent or waiting: whatever was asked left no trace. */
    void requireUntouched(String lab) {
        assertThat(count("select count(*) from workload where lab_id = :lab", lab))
                .as("workloads")
                .isZero();
        assertThat(count("select count(*) from hold where lab_id = :lab", lab))
                .as("holds")
                .isZero();
        assertThat(count("""
                        select count(*) from budget_window w join budget b on b.id = w.budget_id
                        where b.lab_id = :lab and (w.held <> 0 or w.charged <> 0 or w.overrun <> 0)
                        """, lab)).as("budgets with money held or spent").isZero();
        assertThat(movements(lab)).as("ledger entries but the opening").isZero();
    }

    /** Ledger entries but those that open a budget. */
    long movements(String lab) {
        return count("""
                select count(*) from ledger_entry e join budget_window w on w.id = e.window_id
                join budget b on b.id = w.budget_id where b.lab_id = :lab and e.reason <> 'opened'
                """, lab);
    }

    long workloads(String lab) {
        return count("select count(*) from workload where lab_id = :lab", lab);
    }

    private long count(String sql, String lab) {
        return jdbc.sql(sql).param("lab", lab).query(Long.class).single();
    }
}
