package dev.bursar;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does a transaction once more that PostgreSQL gave up, because it stood in a circle of waiters or could not be put in
 * order with others. Nothing of it was kept, and whoever it stood in the way of is through by then. It goes around every
 * outermost transaction, of requests and duties alike.
 */
final class DeadlockRetry implements MethodInterceptor {

    private static final Logger log = LoggerFactory.getLogger(DeadlockRetry.class);

    /** Serialization failure, and deadlock detected. */
    private static final Set<String> GIVEN_UP = Set.of("40001", "40P01");

    private static final int TRIES = 6;
    private static final Duration PAUSE = Duration.ofMillis(15);

    /** What is to be done in one transaction. */
    private interface Work {

        @Nullable Object once() throws Throwable;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        return done(() -> invocation instanceof ProxyMethodInvocation proxied
                ? proxied.invocableClone().proceed()
                : invocation.proceed());
    }

    private static @Nullable Object done(Work work) throws Throwable {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.once();
        }
        for (var tries = 1; ; tries++) {
            try {
                return work.once();
            } catch (DataAccessException e) {
                if (tries == TRIES || !isGivenUp(e)) {
                    throw e;
                }
                log.info("PostgreSQL gave up a transaction ({}); it is done again", e.getMessage());
                LockSupport.parkNanos(PAUSE.multipliedBy(tries).toNanos());
            }
        }
    }

    private static boolean isGivenUp(DataAccessException e) {
        return e.getMostSpecificCause() instanceof SQLException sql && GIVEN_UP.contains(sql.getSQLState());
    }

    /** The same for transactions that are begun by hand. */
    static final class Template extends TransactionTemplate {

        private static final long serialVersionUID = 1;

        Template(PlatformTransactionManager manager) {
            super(manager);
        }

        Template(PlatformTransactionManager manager, TransactionDefinition definition) {
            super(manager, definition);
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // it is what the callback answers, null or not
        public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
            try {
                return (T) done(() -> super.execute(action));
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a transaction throws nothing that is checked", e);
            }
        }
    }
}
