package dev.bursar.event;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.web.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What happened. Facts are appended in the transaction that makes them true, by whoever makes them true. */
@Repository
public class Events {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    Events(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void append(Fact fact, Caller by) {
        jdbc.sql("""
                        insert into event (at, type, lab_id, subject, actor, on_behalf_of, key_id, request_id, data)
                        values (:at, :type, :lab, :subject, :actor, :onBehalfOf, :key, :request, cast(:data as jsonb))
                        """)
                .param("at", Timestamp.from(clock.instant()))
                .param("type", fact.type())
                .param("lab", fact.lab() == null ? null : fact.lab().value())
                .param("subject", fact.subject())
                .param("actor", by.actor())
                .param("onBehalfOf", by.onBehalfOf())
                .param("key", by.keyId())
                .param("request", by.requestId())
                .param("data", data(fact))
                .update();
    }

    /**
     * The story of one thing of a lab, oldest first. Ids are unique among things of one sort only, so others of the same name,
     * which people choose for labs and datasets, are told apart by the type.
     *
     * @param types what the types of its events start with
     */
    public List<Event> storyOf(LabId lab, String subject, List<String> types) {
        return jdbc.sql("""
                        select * from event where subject = :subject and lab_id = :lab
                        and exists (select from unnest(cast(:types as text[])) own where starts_with(type, own)) order by id
                        """)
                .param("subject", subject)
                .param("lab", lab.value())
                .param("types", types.toArray(String[]::new))
                .query(Events::event)
                .list();
    }

    /** What people did, newest first; what the service did by its own duty is in the stories, not here. */
    Page<Event> audit(@Nullable String lab, @Nullable String subject, @Nullable String before, int limit) {
        var rows = jdbc.sql("""
                        select * from event where actor <> :bursar
                        and (cast(:lab as text) is null or lab_id = :lab)
                        and (cast(:subject as text) is null or subject = :subject)
                        and (cast(:before as bigint) is null or id < :before)
                        order by id desc limit :limit
                        """)
                .param("bursar", Caller.BURSAR.actor())
                .param("lab", lab)
                .param("subject", subject)
                .param("before", before == null ? null : cursor(before))
                .param("limit", limit + 1)
                .query(Events::event)
                .list();
        return Page.of(rows, limit, Event::id);
    }

    private static Long cursor(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw dev.bursar.web.Problem.invalid("cursor", "send the value of next from the page before");
        }
    }

    private @Nullable String data(Fact fact) {
        if (fact.before() == null) {
            return fact.after() == null ? null : json.writeValueAsString(fact.after());
        }
        var both = new LinkedHashMap<String, Object>();
        both.put("before", fact.before());
        both.put("after", Objects.requireNonNullElse(fact.after(), "gone"));
        return json.writeValueAsString(both);
    }

    private static Event event(ResultSet row, int number) throws SQLException {
        return new Event(
                row.getString("id"),
                row.getTimestamp("at").toInstant(),
                row.getString("type"),
                row.getString("lab_id"),
                row.getString("subject"),
                row.getString("actor"),
                row.getString("on_behalf_of"),
                row.getString("key_id"),
                row.getString("request_id"),
                row.getString("data"));
    }
}
