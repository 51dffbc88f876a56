package dev.bursar.workload;

import dev.bursar.workload.Driver.Change;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How far each feed was read, and what a page of it means to the rows of workloads. */
@Repository
class Feeds {

    private final JdbcClient jdbc;

    Feeds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A feed that is this reader's for the moment. */
    record Turn(long awsAccountId, String kind, Instant watermark) {

        String feed() {
            return kind + "/" + awsAccountId;
        }
    }

    /** Makes the feed of a kind in every account that has none yet; it begins with this installation. */
    void make(String kind, Instant now) {
        jdbc.sql("""
                        insert into feed (aws_account_id, kind, watermark, due_at)
                        select a.id, :kind, i.created_at, :now from aws_account a, installation i
                        on conflict do nothing
                        """).param("kind", kind).param("now", Timestamp.from(now)).update();
    }

    /** Every feed whose turn it is; each goes to one reader. */
    List<Turn> claim(Instant now, Duration every) {
        return jdbc.sql("""
                        update feed set due_at = :next where due_at <= :now returning aws_account_id, kind, watermark
                        """)
                .param("now", Timestamp.from(now))
                .param("next", Timestamp.from(now.plus(every)))
                .query((row, number) -> new Turn(
                        row.getLong("aws_account_id"),
                        row.getString("kind"),
                        row.getTimestamp("watermark").toInstant()))
                .list();
    }

    void readUpTo(Turn turn, Instant watermark, Instant now) {
        jdbc.sql("""
                        update feed set watermark = greatest(watermark, :watermark), read_at = :now
                        where aws_account_id = :account and kind = :kind
                        """)
                .param("watermark", Timestamp.from(watermark))
                .param("now", Timestamp.from(now))
                .param("account", turn.awsAccountId())
                .param("kind", turn.kind())
                .update();
    }

    /** Has whoever changed looked after now. What is known already, and what others are at, is left alone. */
    int hurry(List<Change> page, Instant now) {
        return jdbc.sql("""
                        with changed as materialized (
                          select w.id
                          from workload w join unnest(cast(:names as text[]), cast(:states as text[])) as c (name, state)
                            on w.sagemaker_name = c.name
                          where w.state in ('IN_PROGRESS', 'STOPPING') and w.state <> c.state and w.due_at > :now
                          order by w.id for no key update of w skip locked
                        )
                        update workload w set due_at = :now from changed where w.id = changed.id
                        """)
                .param("names", names(page))
                .param(
                        "states",
                        page.stream().map(change -> change.state().name()).toArray(String[]::new))
                .param("now", Timestamp.from(now))
                .update();
    }

    /** What exists although it was settled as work that never did. */
    List<String> strays(List<Change> page) {
        return jdbc.sql("""
                        select id from workload
                        where sagemaker_name = any(cast(:names as text[])) and settled_at is not null and arn is null and foreign_since is null
                        """).param("names", names(page)).query(String.class).list();
    }

    /** Names of which no row knows. */
    List<String> unknown(List<Change> page) {
        return jdbc.sql("""
                        select name from unnest(cast(:names as text[])) as c (name)
                        where not exists (select from workload w where w.sagemaker_name = c.name)
                        """).param("names", names(page)).query(String.class).list();
    }

    private static String[] names(List<Change> page) {
        return page.stream().map(Change::name).toArray(String[]::new);
    }
}
