package dev.bursar.budget;

import dev.bursar.core.LabId;
import dev.bursar.core.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A budget and where its money is. Amounts in US dollars. */
record BudgetView(
        @Schema(example = "06a0k9x4wsn3q7rt") String id,

        @Schema(description = "how often its definition was changed; the ETag, sent as If-Match", example = "0")
        long version,

        @Schema(example = "chem") String lab,
        @Nullable String project,
        @Nullable String member,

        @Schema(
                description =
                        "true: an admin or a key with budgetsWrite opened it, and it pays by itself. false: an owner's share of "
                                + "what the lab is given, which pays only together with an open budget that is",
                example = "true")
        boolean given,

        String name,
        @Nullable String reference,
        @Nullable String externalId,

        @Schema(
                description = "what was credited; of a monthly budget, as all these amounts, in the present month",
                example = "20.000000")
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

        @Schema(
                description =
                        "what running work of this budget has used and is not charged yet, by the clock; absent in lists",
                example = "0.001204")
        @Nullable Money accrued,

        Period period,

        @Schema(description = "what every month has that opens; absent for a grant", example = "15.000000") @Nullable Money monthlyAmount,

        @Schema(description = "whether what a month leaves goes to the next")
        CarryOver carryOver,

        @Schema(example = "UTC") String timeZone,

        @Schema(description = "the window that the amounts are of: the present month, or the time of the grant")
        Span window,

        Instant startsAt,

        @Schema(description = "until when the budget pays; for ever, when absent") @Nullable Instant endsAt,

        State state,
        boolean frozen,
        boolean closed,

        @Schema(description = "where it is written what the amounts cover", example = "docs/what-the-cap-covers.md")
        String covers) {

    static final String SELECT = """
            select v.*, case when closed_at is not null then 'CLOSED'
                when pays_until <= :now then case when holding then 'ENDING' else 'ENDED' end
                when frozen then 'FROZEN' when window_starts_at > :now then 'SCHEDULED' else 'OPEN' end as state
            from (
              select b.*, w.month, w.amount, w.held, w.charged, w.overrun, w.starts_at as window_starts_at,
                nullif(w.ends_at, 'infinity') as window_ends_at, is_frozen(b.id) as frozen,
                (select min(starts_at) from budget_window where budget_id = b.id) as pays_from,
                case when b.period = 'MONTHLY' then b.ends_at else nullif(w.ends_at, 'infinity') end as pays_until,
                exists (select from budget_window where budget_id = b.id and held > 0) as holding
              from budget b join budget_window w on w.id = present_window(b.id, :now)
            ) v
            """;

    /** Where in its time a budget is. */
    @Schema(name = "BudgetState")
    enum State {
        /** It pays from a later time on. */
        SCHEDULED,
        /** It pays; a share, while a budget is open that the lab was given. */
        OPEN,
        /** Nothing new is held until a credit clears its overrun. */
        FROZEN,
        /** Its time is over; it still pays what it holds. */
        ENDING,
        /** Its time is over, and nothing is held. */
        ENDED,
        /** Somebody closed it; it still pays what it holds. */
        CLOSED
    }

    /** A part of a budget's time with money of its own. */
    @Schema(name = "BudgetSpan")
    record Span(
            @Schema(description = "absent for a grant", example = "2026-11") @Nullable String month,

            Instant startsAt,
            @Nullable Instant endsAt) {}

    LabId labId() {
        return new LabId(lab);
    }

    String eTag() {
        return "\"" + version + "\"";
    }

    static BudgetView of(ResultSet row, int number) throws SQLException {
        return of(row, (Money) null);
    }

    static BudgetView of(ResultSet row, @Nullable Money accrued) throws SQLException {
        var window = BudgetWindow.of(row, 0);
        var monthly = row.getBigDecimal("monthly_amount");
        return new BudgetView(
                row.getString("id"),
                row.getLong("version"),
                row.getString("lab_id"),
                row.getString("project_id"),
                row.getString("member_id"),
                row.getBoolean("given"),
                row.getString("name"),
                row.getString("reference"),
                row.getString("external_id"),
                window.amount(),
                window.held(),
                window.charged(),
                window.overrun(),
                window.available(),
                "USD",
                accrued,
                Period.valueOf(row.getString("period")),
                monthly == null ? null : Money.of(monthly),
                CarryOver.valueOf(row.getString("carry_over")),
                row.getString("time_zone"),
                new Span(window.month(), window.startsAt(), window.endsAt()),
                row.getTimestamp("pays_from").toInstant(),
                BudgetWindow.instant(row.getTimestamp("pays_until")),
                State.valueOf(row.getString("state")),
                row.getBoolean("frozen"),
                row.getTimestamp("closed_at") != null,
                "docs/what-the-cap-covers.md");
    }
}
