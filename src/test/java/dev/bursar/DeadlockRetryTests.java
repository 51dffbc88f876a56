package dev.bursar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.testing.ServiceTest;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Who stands in a circle of waiters is let through by PostgreSQL, all but one; that one is let through here. */
@ServiceTest
@Import(DeadlockRetryTests.Crossing.class)
class DeadlockRetryTests {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Crossing crossing;

    DeadlockRetryTests(JdbcClient jdbc, TransactionTemplate transaction, Crossing crossing) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.crossing = crossing;
    }

    /** Takes two locks, and meets somebody between them who takes them the other way round. */
    static class Crossing {

        private final JdbcClient jdbc;
        private final CyclicBarrier meeting = new CyclicBarrier(2);
        private final AtomicInteger tries = new AtomicInteger();

        Crossing(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        public void begin() {
            tries.set(0);
        }

        public int tries() {
            return tries.get();
        }

        @Transactional
        public int cross(int first, int second) throws Exception {
            return crossOnce(first, second);
        }

        public int crossOnce(int first, int second) throws Exception {
            lock(first);
            if (tries.incrementAndGet() <= 2) {
                meeting.await(30, TimeUnit.SECONDS);
            }
            lock(second);
            return first;
        }

        private void lock(int key) {
            jdbc.sql("select pg_advisory_xact_lock(:key)")
                    .param("key", key)
                    .query((row, number) -> true)
                    .single();
        }
    }

    @Test
    void letsAnnotatedTransactionsThroughThatStoodInEachOthersWay() throws Exception {
        crossing.begin();

        assertThat(both(() -> crossing.cross(71, 72), () -> crossing.cross(72, 71)))
                .containsExactly(71, 72);
        assertThat(crossing.tries()).isEqualTo(3);
    }

    @Test
    void letsTransactionsThroughThatWereBegunByHand() throws Exception {
        crossing.begin();

        assertThat(both(() -> byHand(73, 74), () -> byHand(74, 73))).containsExactly(73, 74);
        assertThat(crossing.tries()).isEqualTo(3);
    }

    @Test
    void doesOnceWhatIsPartOfAnotherTransactionOrFailsForAnotherReason() {
        var times = new AtomicInteger();

        assertThatThrownBy(() -> transaction.executeWithoutResult(outer -> transaction.executeWithoutResult(inner -> {
                    times.incrementAndGet();
                    jdbc.sql("select no_such_column").query().singleValue();
                })))
                .isNotNull();
        assertThat(times.get()).isEqualTo(1);

        times.set(0);
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    times.incrementAndGet();
                    throw new PessimisticLockingFailureException("again", new SQLException("deadlock", "40P01"));
                }))
                .isInstanceOf(PessimisticLockingFailureException.class);
        assertThat(times.get()).isEqualTo(6);
    }

    private int byHand(int first, int second) {
        return transaction.execute(status -> {
            try {
                return crossing.crossOnce(first, second);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static List<Integer> both(Callable<Integer> one, Callable<Integer> other)
            throws InterruptedException, ExecutionException {
        var people = Executors.newFixedThreadPool(2);
        try {
            var first = people.submit(one);
            var second = people.submit(other);
            return List.of(first.get(), second.get());
        } finally {
            people.shutdownNow();
        }
    }
}
