package dev.bursar.workload;

import dev.bursar.budget.HoldId;
import dev.bursar.budget.HoldViews;
import dev.bursar.core.Caller;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads of workloads, each for whom may see it. */
@Repository
public class WorkloadViews {

    /** A place in the queue counts the lab's own work that waits for the same money, or for none. */
    private static final String ONE = """
            select w.*, s.paid_until, case when w.state = 'QUEUED' then 1 + (
                select count(*) from workload o
                where o.state = 'QUEUED' and o.lab_id = w.lab_id
                  and coalesce(o.waits_for, '') = coalesce(w.waits_for, '')
                  and o.priority >= w.priority and (o.priority > w.priority or o.id < w.id)) end::int as place
            from workload w left join paid_time s on s.workload_id = w.id
            where w.id = :id and (cast(:lab as text) is null or w.lab_id = :lab)
            """;

    /** For many, the lines in which they stand are walked once, not once for each. */
    private static final String MANY = """
            with shown as materialized (
              select w.* from workload w where %s order by w.id desc limit :limit
            ), place as (
              select id, row_number() over (
                partition by lab_id, coalesce(waits_for, '') order by priority desc, id)::int as place
              from workload where state = 'QUEUED' and lab_id in (select lab_id from shown where state = 'QUEUED')
            )
            select shown.*, s.paid_until, place.place
            from shown left join paid_time s on s.workload_id = shown.id left join place on place.id = shown.id
            order by shown.id desc
            """;

    private final JdbcClient jdbc;
    private final WorkloadRows rows;
    private final HoldViews holds;

    WorkloadViews(JdbcClient jdbc, WorkloadRows rows, HoldViews holds) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.holds = holds;
    }

    public WorkloadView get(WorkloadId id, Caller caller) {
        var found = jdbc.sql(ONE)
                .param("id", id.value())
                .param("lab", caller.lab() == null ? null : caller.lab().value())
                .query(rows::view)
                .list();
        return paid(found).stream().findFirst().orElseThrow(() -> Problem.notFound("job", id));
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
            @Nullable String member) {

        /** Only what is asked is part of the statement, so that each finds its index. */
        private Map<String, Object> conditions(@Nullable String before) {
            var all = new LinkedHashMap<String, Object>();
            all.put("w.kind = any(:%s)", kinds.toArray(String[]::new));
            put(all, "w.lab_id = :%s", lab);
            put(all, "w.state = :%s", state == null ? null : state.name());
            put(all, "w.project_id = :%s", project);
            put(all, "w.member_id = :%s", member);
            put(all, "w.id < :%s", before);
            return all;
        }

        private static void put(Map<String, Object> all, String condition, @Nullable String value) {
            if (value != null) {
                all.put(condition, value);
            }
        }
    }

    public Page<WorkloadView> list(Query query, @Nullable String before, int limit) {
        return Page.of(
                many(query.conditions(before), limit + 1),
                limit,
                view -> view.id().value());
    }

    /** These, for whoever has been shown them before. */
    List<WorkloadView> shown(Collection<WorkloadId> ids) {
        return many(Map.of("w.id = any(:%s)", values(ids)), ids.size());
    }

    /** Where these are, in one statement however many they are. */
    List<Mark> marks(Collection<WorkloadId> ids) {
        return jdbc.sql("""
                        select id, state, reason, secondary_status, settled_at, attempt from workload where id = any(:ids)
                        """).param("ids", values(ids)).query(WorkloadRows::mark).list();
    }

    private List<WorkloadView> many(Map<String, Object> conditions, int limit) {
        var texts = new ArrayList<String>();
        var values = new LinkedHashMap<String, Object>();
        conditions.forEach((condition, value) -> {
            var name = "p" + values.size();
            texts.add(condition.formatted(name));
            values.put(name, value);
        });
        var found = jdbc.sql(MANY.formatted(String.join(" and ", texts)))
                .params(values)
                .param("limit", limit)
                .query(rows::view)
                .list();
        return paid(found);
    }

    private List<WorkloadView> paid(List<WorkloadView> views) {
        if (views.isEmpty()) {
            return views;
        }
        var all = holds.of(views.stream().map(WorkloadViews::hold).toList());
        return views.stream()
                .map(view -> WorkloadRows.paid(view, all.get(hold(view))))
                .toList();
    }

    private static HoldId hold(WorkloadView view) {
        return new HoldId(view.id().value());
    }

    private static String[] values(Collection<WorkloadId> ids) {
        return ids.stream().map(WorkloadId::value).toArray(String[]::new);
    }
}
