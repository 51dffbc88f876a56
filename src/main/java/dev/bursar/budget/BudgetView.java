package dev.bursar.budget;

import dev.bursar.core.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A budget and where its money is. Amounts in US dollars. */
record BudgetView(
        @Schema(example = "06a0k9x4wsn3q7rt") String id,
        @Schema(example = "chem") String lab,
        @Nullable String project,
        @Nullable String member,
        String name,
        @Nullable String reference,
        @Nullable String externalId,

        @Schema(description = "what was credited", example = "20.000000")
        Money amount,

        @Schema(description = "set aside for the worst case of work that is not settled", example = "0.042931")
        Money held,

        @Schema(description = "spent, out of holds", example = "0.004291")
        Money charged,

        @Schema(description = "spent beyond every hold; freezes the budget", example = "0.000000")
        Money overrun,

        @Schema(description = "amount − held − charged − overrun", example = "19.952778")
        Money available,

        @Schema(
                description =
                        "USD, at list prices of instances and their volumes; docs/what-the-cap-covers.md says what is not in it")
        String currency,

        Instant startsAt,
        @Nullable Instant endsAt,
        boolean frozen,
        boolean closed,

        @Schema(description = "where it is written what the amounts cover", example = "docs/what-the-cap-covers.md")
        String covers) {

    static final String SELECT = """
            select b.*, w.id as window_id, w.amount, w.held, w.charged, w.overrun, w.starts_at,
              case when w.ends_at = 'infinity' then null else w.ends_at end as ends_at, w.frozen_at
            from budget b join budget_window w on w.budget_id = b.id
            """;

    static BudgetView of(ResultSet row, int number) throws SQLException {
        var amount = Money.of(row.getBigDecimal("amount"));
        var held = Money.of(row.getBigDecimal("held"));
        var charged = Money.of(row.getBigDecimal("charged"));
        var overrun = Money.of(row.getBigDecimal("overrun"));
        var endsAt = row.getTimestamp("ends_at");
        return new BudgetView(
                row.getString("id"),
                row.getString("lab_id"),
                row.getString("project_id"),
                row.getString("member_id"),
                row.getString("name"),
                row.getString("reference"),
                row.getString("external_id"),
                amount,
                held,
                charged,
                overrun,
                amount.minus(held).minus(charged).minus(overrun),
                "USD",
                row.getTimestamp("starts_at").toInstant(),
                endsAt == null ? null : endsAt.toInstant(),
                row.getTimestamp("frozen_at") != null,
                row.getTimestamp("closed_at") != null,
                "docs/what-the-cap-covers.md");
    }
}
