package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Answers later, for people with curl: when the workload has changed, when it has ended, or when their patience is over.
 * Nobody's thread waits; one statement a tick looks after all who do, so that it does not matter how many they are, nor
 * which replica made the change.
 */
@Component
public class Waiting {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** After this, not even a tick that failed has answered. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final WorkloadViews views;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

    Waiting(WorkloadViews views) {
        this.views = views;
    }

    /** What a waiter waits for. */
    public enum Until {
        /** Any change that can be seen. */
        CHANGE,
        /** The end, with its bill paid. */
        END
    }

    /** Equal to nobody but itself. How patient people are is a matter of their time, however fast the service's clock goes. */
    private static final class Waiter {

        private final Mark before;
        private final Until until;
        private final long patientUntil;
        private final DeferredResult<WorkloadView> answer;

        Waiter(Mark before, Until until, long patientUntil, DeferredResult<WorkloadView> answer) {
            this.before = before;
            this.until = until;
            this.patientUntil = patientUntil;
            this.answer = answer;
        }

        WorkloadId id() {
            return before.id();
        }

        boolean isOutOfPatience() {
            return System.nanoTime() - patientUntil >= 0;
        }

        boolean isToBeAnswered(@Nullable Mark present) {
            return isOutOfPatience() || (present != null && isWhatIsWaitedFor(present));
        }

        private boolean isWhatIsWaitedFor(Mark present) {
            return switch (until) {
                case CHANGE -> !present.equals(before) || present.isOver();
                case END -> present.isOver();
            };
        }
    }

    public DeferredResult<WorkloadView> get(WorkloadId id, Caller caller, @Nullable Duration wait, Until until) {
        var now = views.get(id, caller);
        var patience = wait == null ? Duration.ZERO : wait;
        if (patience.isNegative() || patience.compareTo(LONGEST) > 0) {
            throw Problem.invalid("wait", "is between 0s and " + LONGEST.toMinutes() + "m");
        }
        var answer = new DeferredResult<WorkloadView>(patience.plus(GRACE).toMillis());
        var mark = Mark.of(now);
        if (patience.isZero() || mark.isOver()) {
            answer.setResult(now);
            return answer;
        }
        var waiter = new Waiter(mark, until, System.nanoTime() + patience.toNanos(), answer);
        answer.onTimeout(() -> answer.setErrorResult(
                new Problem(ProblemType.BUSY, "Nobody has come to look whether it has changed.")));
        answer.onCompletion(() -> waiters.remove(waiter));
        waiters.add(waiter);
        return answer;
    }

    @Scheduled(fixedDelayString = "${bursar.workload.waiting-tick:PT0.25S}")
    void tick() {
        var all = List.copyOf(waiters);
        if (all.isEmpty()) {
            return;
        }
        try {
            lookAfter(all);
        } catch (DataAccessException e) {
            all.stream().filter(Waiter::isOutOfPatience).forEach(waiter -> waiter.answer.setErrorResult(e));
            throw e;
        }
    }

    /** While PostgreSQL is away, who still has patience waits on. */
    private void lookAfter(List<Waiter> all) {
        var marks = views.marks(all.stream().map(Waiter::id).collect(Collectors.toUnmodifiableSet())).stream()
                .collect(Collectors.toUnmodifiableMap(Mark::id, Function.identity()));
        answer(all.stream()
                .filter(waiter -> waiter.isToBeAnswered(marks.get(waiter.id())))
                .toList());
    }

    private void answer(List<Waiter> some) {
        if (some.isEmpty()) {
            return;
        }
        Map<WorkloadId, WorkloadView> present =
                views.shown(some.stream().map(Waiter::id).collect(Collectors.toUnmodifiableSet())).stream()
                        .collect(Collectors.toUnmodifiableMap(WorkloadView::id, Function.identity()));
        some.forEach(waiter -> {
            waiters.remove(waiter);
            waiter.answer.setResult(present.get(waiter.id()));
        });
    }
}
