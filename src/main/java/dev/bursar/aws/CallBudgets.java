package dev.bursar.aws;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Buckets of calls to SageMaker that all replicas share (rule C1). A replica draws a block of tokens with one statement
 * and spends it within a second; what it does not spend is lost, so that replicas together never exceed the rate. Nobody
 * waits here: whoever finds the bucket empty is told when to come again. Every attempt costs a token.
 */
@Component
class CallBudgets {

    private static final long BLOCK_IS_GOOD_FOR = Duration.ofSeconds(1).toNanos();
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

    private static final String MAKE = """
            insert into call_budget (account, region, operation, rate, tokens, refilled_at)
            values (:account, :region, :operation, :ceiling, 1, clock_timestamp()) on conflict do nothing
            """;

    /** Computes from the locked row; a refusal writes nothing. Up 5 % a minute, compounded, to the ceiling. */
    private static final String DRAW = """
            with bucket as materialized (
              select least(:ceiling, rate * power(1.05, least(passed, 86400) / 60)) as rate,
                     least(:most, tokens + rate * passed) as tokens
              from call_budget, lateral (
                select greatest(0, extract(epoch from clock_timestamp() - refilled_at))::double precision as passed
              ) since
              where account = :account and region = :region and operation = :operation
              for update of call_budget
            ), drawn as (
              update call_budget set rate = bucket.rate, tokens = bucket.tokens - least(:block, floor(bucket.tokens)),
                                     refilled_at = clock_timestamp()
              from bucket
              where account = :account and region = :region and operation = :operation and bucket.tokens >= 1
            )
            select rate, tokens, least(:block, floor(tokens)) as taken from bucket
            """;

    private static final String SLOW_DOWN = """
            update call_budget set rate = greatest(:least, rate * 0.7), tokens = 0,
                                   refilled_at = clock_timestamp(), slowed_at = clock_timestamp()
            where account = :account and region = :region and operation = :operation
              and slowed_at < clock_timestamp() - interval '1 second'
            """;

    /** A call every twenty seconds: less is not called slow any more. */
    private static final double LEAST_RATE = 0.05;

    private final JdbcClient jdbc;
    private final CallSettings settings;
    private final MeterRegistry meters;
    private final Map<Key, Block> blocks = new ConcurrentHashMap<>();

    CallBudgets(JdbcClient jdbc, CallSettings settings, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.meters = meters;
    }

    private record Key(String account, String region, String group) {}

    /** What the statement found in the bucket. */
    private record Draw(double rate, double tokens, int taken) {}

    /** Tokens that this replica has drawn and not spent. */
    private static final class Block {
        private int left;
        private long drawnAt;
        private volatile double rate;
    }

    /** Spends one call, or says when one is expected. */
    void spend(AwsAccount account, String operation) {
        var group = CallGroup.of(operation, settings);
        var key = new Key(account.account(), account.region(), group.name());
        var block = blocks.computeIfAbsent(key, unknown -> made(unknown, group));
        synchronized (block) {
            if (block.left == 0 || System.nanoTime() - block.drawnAt > BLOCK_IS_GOOD_FOR) {
                var draw = draw(key, group);
                block.rate = draw.rate();
                block.left = draw.taken();
                block.drawnAt = System.nanoTime();
                if (draw.taken() == 0) {
                    throw new NoCallLeft(group.name(), untilOne(draw));
                }
            }
            block.left--;
        }
    }

    /** AWS wants fewer calls of this group. */
    void slowDown(AwsAccount account, String operation) {
        var group = CallGroup.of(operation, settings);
        var key = new Key(account.account(), account.region(), group.name());
        of(key, SLOW_DOWN).param("least", Math.min(LEAST_RATE, group.ceiling())).update();
        var block = blocks.get(key);
        if (block != null) {
            synchronized (block) {
                block.left = 0;
                block.rate = rate(key);
            }
        }
    }

    private Block made(Key key, CallGroup group) {
        of(key, MAKE).param("ceiling", group.ceiling()).update();
        var block = new Block();
        block.rate = rate(key);
        Gauge.builder("bursar.aws.budget.rate", () -> block.rate)
                .description("calls a second that SageMaker seems to allow, as this replica last saw it")
                .tag("account", key.account())
                .tag("region", key.region())
                .tag("operation", key.group())
                .register(meters);
        return block;
    }

    private Draw draw(Key key, CallGroup group) {
        return of(key, DRAW)
                .param("ceiling", group.ceiling())
                .param("most", group.most())
                .param("block", group.block())
                .query(Draw.class)
                .single();
    }

    private double rate(Key key) {
        return of(
                        key,
                        "select rate from call_budget where account = :account and region = :region and operation = :operation")
                .query(Double.class)
                .single();
    }

    private JdbcClient.StatementSpec of(Key key, String statement) {
        return jdbc.sql(statement)
                .param("account", key.account())
                .param("region", key.region())
                .param("operation", key.group());
    }

    private static Duration untilOne(Draw draw) {
        var wait = Duration.ofNanos((long) ((1 - draw.tokens()) / draw.rate() * 1_000_000_000));
        return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
    }
}
