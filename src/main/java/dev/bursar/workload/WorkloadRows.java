package dev.bursar.workload;

import dev.bursar.aws.AwsClients;
import dev.bursar.budget.HoldView;
import dev.bursar.core.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes of a row what is shown. It asks nobody for more, because the row's connection is not given back yet. */
@Component
class WorkloadRows {

    private final Drivers drivers;
    private final AwsClients clients;
    private final Timing timing;

    WorkloadRows(Drivers drivers, AwsClients clients, Timing timing) {
        this.drivers = drivers;
        this.clients = clients;
        this.timing = timing;
    }

    /** As if it had never held anything. */
    WorkloadView view(ResultSet row, int number) throws SQLException {
        var outcome = row.getString("outcome");
        return new WorkloadView(
                new WorkloadId(row.getString("id")),
                row.getString("kind"),
                row.getString("name"),
                row.getString("lab_id"),
                row.getString("project_id"),
                row.getString("member_id"),
                State.valueOf(row.getString("state")),
                named(Reason.class, row.getString("reason")),
                row.getObject("place", Integer.class),
                row.getString("message"),
                row.getString("secondary_status"),
                named(StopCause.class, row.getString("stop_cause")),
                row.getInt("attempt"),
                row.getString("sagemaker_name"),
                cost(row),
                outcome == null ? null : drivers.read(outcome, Outcome.class),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "ended_at"),
                instant(row, "settled_at"),
                drivers.readSpec(row.getString("spec")));
    }

    static Mark mark(ResultSet row, int number) throws SQLException {
        return new Mark(
                new WorkloadId(row.getString("id")),
                State.valueOf(row.getString("state")),
                named(Reason.class, row.getString("reason")),
                row.getString("secondary_status"),
                instant(row, "settled_at"),
                row.getInt("attempt"));
    }

    /** What it costs, with what it holds and was charged. */
    static WorkloadView paid(WorkloadView view, @Nullable HoldView hold) {
        if (hold == null) {
            return view;
        }
        var cost = view.cost();
        var used = cost.accrued();
        var accrued = used == null || !used.isMoreThan(hold.charged()) ? Money.ZERO : used.minus(hold.charged());
        return view.with(cost.with(hold, used == null ? null : accrued));
    }

    private WorkloadView.Cost cost(ResultSet row) throws SQLException {
        var quote = drivers.read(row.getString("quote"), Quote.class);
        return new WorkloadView.Cost(
                quote.worstCase(),
                Money.ZERO,
                Money.ZERO,
                used(row, quote),
                Money.ZERO,
                quote.instanceType(),
                quote.instances(),
                quote.perInstance().usdPerHour(),
                quote.perInstance().priceBook(),
                quote.limit(),
                instant(row, "paid_until"),
                clients.isSimulated(),
                onAwsAbout(row.getString("outcome"), quote));
    }

    private @Nullable Money onAwsAbout(@Nullable String outcome, Quote quote) {
        if (!clients.isSimulated() || outcome == null) {
            return null;
        }
        var billed = drivers.read(outcome, Outcome.class).billedSeconds();
        return quote.aboutOnAws(Duration.ofMillis(billed.movePointRight(3).longValue()));
    }

    private @Nullable Money used(ResultSet row, Quote quote) throws SQLException {
        var started = instant(row, "started_at");
        if (started == null || row.getTimestamp("settled_at") != null) {
            return null;
        }
        var ended = instant(row, "ended_at");
        return quote.accrued(started, ended == null ? timing.now() : ended);
    }

    private static <E extends Enum<E>> @Nullable E named(Class<E> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
