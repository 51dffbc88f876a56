package dev.bursar.workload;

import dev.bursar.aws.AwsClients;
import dev.bursar.budget.HoldId;
import dev.bursar.budget.Holds;
import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads of workloads, each for whom may see it. */
@Repository
public class WorkloadViews {

    /** A place in the queue counts the lab's own work that waits for the same money, or for none. */
    private static final String ROWS = """
            select w.*, s.paid_until, case when w.state = 'QUEUED' then 1 + (
                select count(*) from workload o
                where o.state = 'QUEUED' and o.lab_id = w.lab_id and o.waits_for is not distinct from w.waits_for
                  and (o.priority > w.priority or o.priority = w.priority and o.id < w.id)) end::int as place
            from workload w left join paid_time s on s.workload_id = w.id
            """;

    private final JdbcClient jdbc;
    private final Drivers drivers;
    private final Holds holds;
    private final AwsClients clients;
    private final Timing timing;

    WorkloadViews(JdbcClient jdbc, Drivers drivers, Holds holds, AwsClients clients, Timing timing) {
        this.jdbc = jdbc;
        this.drivers = drivers;
        this.holds = holds;
        this.clients = clients;
        this.timing = timing;
    }

    public WorkloadView get(WorkloadId id, Caller caller) {
        return jdbc.sql(ROWS + "where w.id = :id and (cast(:lab as text) is null or w.lab_id = :lab)")
                .param("id", id.value())
                .param("lab", caller.lab() == null ? null : caller.lab().value())
                .query(this::view)
                .optional()
                .orElseThrow(() -> Problem.notFound("job", id));
    }

    /** The row of the AWS account that it runs in, for whoever has been shown it. */
    public long awsAccount(WorkloadView shown) {
        return jdbc.sql("select aws_account_id from workload where id = :id")
                .param("id", shown.id().value())
                .query(Long.class)
                .single();
    }

    /**
     * What to list.
     *
     * @param kinds only these
     */
    public record Query(
            List<String> kinds,
            @Nullable String lab,
            @Nullable State state,
            @Nullable String project,
            @Nullable String member) {}

    public Page<WorkloadView> list(Query query, @Nullable String before, int limit) {
        var rows = jdbc.sql(ROWS + """
                        where w.kind in (:kinds)
                        and (cast(:lab as text) is null or w.lab_id = :lab)
                        and (cast(:state as text) is null or w.state = :state)
                        and (cast(:project as text) is null or w.project_id = :project)
                        and (cast(:member as text) is null or w.member_id = :member)
                        and (cast(:before as text) is null or w.id < :before)
                        order by w.id desc limit :limit
                        """)
                .param("kinds", query.kinds())
                .param("lab", query.lab())
                .param("state", query.state() == null ? null : query.state().name())
                .param("project", query.project())
                .param("member", query.member())
                .param("before", before)
                .param("limit", limit + 1)
                .query(this::view)
                .list();
        return Page.of(rows, limit, view -> view.id().value());
    }

    private WorkloadView view(ResultSet row, int number) throws SQLException {
        var id = row.getString("id");
        var outcome = row.getString("outcome");
        return new WorkloadView(
                new WorkloadId(id),
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

    private WorkloadView.Cost cost(ResultSet row) throws SQLException {
        var quote = drivers.read(row.getString("quote"), Quote.class);
        var hold = holds.find(new HoldId(row.getString("id")));
        var outcome = row.getString("outcome");
        var about = !clients.isSimulated() || outcome == null
                ? null
                : quote.aboutOnAws(Duration.ofMillis(drivers.read(outcome, Outcome.class)
                        .billedSeconds()
                        .movePointRight(3)
                        .longValue()));
        return new WorkloadView.Cost(
                quote.worstCase(),
                hold == null ? Money.ZERO : hold.held(),
                hold == null ? Money.ZERO : hold.charged(),
                accrued(row, quote, hold == null ? Money.ZERO : hold.charged()),
                hold == null ? Money.ZERO : hold.overrun(),
                quote.instanceType(),
                quote.instances(),
                quote.perInstance().usdPerHour(),
                quote.perInstance().priceBook(),
                quote.limit(),
                instant(row, "paid_until"),
                clients.isSimulated(),
                about);
    }

    private @Nullable Money accrued(ResultSet row, Quote quote, Money charged) throws SQLException {
        var started = instant(row, "started_at");
        if (started == null || row.getTimestamp("settled_at") != null) {
            return null;
        }
        var ended = instant(row, "ended_at");
        var cost = quote.accrued(started, ended == null ? timing.now() : ended);
        return cost.isMoreThan(charged) ? cost.minus(charged) : Money.ZERO;
    }

    private static <E extends Enum<E>> @Nullable E named(Class<E> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
