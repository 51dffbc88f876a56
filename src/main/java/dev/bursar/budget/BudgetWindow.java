package dev.bursar.budget;

import dev.bursar.core.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A month of a budget, or the whole time of a grant, and where its money is. Amounts in US dollars. */
record BudgetWindow(
        @Schema(description = "absent for a grant", example = "2026-11") @Nullable String month,

        Instant startsAt,
        @Nullable Instant endsAt,

        @Schema(description = "what was credited, and carried over to or from it", example = "20.000000")
        Money amount,

        @Schema(example = "0.042931") Money held,
        @Schema(example = "0.004291") Money charged,
        @Schema(example = "0.000000") Money overrun,

        @Schema(description = "amount − held − charged − overrun", example = "19.952778")
        Money available) {

    static BudgetWindow of(ResultSet row, int number) throws SQLException {
        var amount = Money.of(row.getBigDecimal("amount"));
        var held = Money.of(row.getBigDecimal("held"));
        var charged = Money.of(row.getBigDecimal("charged"));
        var overrun = Money.of(row.getBigDecimal("overrun"));
        return new BudgetWindow(
                row.getString("month"),
                row.getTimestamp("window_starts_at").toInstant(),
                instant(row.getTimestamp("window_ends_at")),
                amount,
                held,
                charged,
                overrun,
                amount.minus(held).minus(charged).minus(overrun));
    }

    static @Nullable Instant instant(@Nullable Timestamp at) {
        return at == null ? null : at.toInstant();
    }
}
