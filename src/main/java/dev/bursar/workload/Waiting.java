package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.web.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Answers later, for people with curl: when the workload has changed, when it has ended, or when their patience is over.
 * Nobody's thread waits; one tick looks after all who do, so that it does not matter which replica made the change.
 */
@Component
public class Waiting {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final WorkloadViews views;
    private final Map<Waiter, DeferredResult<WorkloadView>> waiters = new ConcurrentHashMap<>();

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

    private record Waiter(WorkloadId id, Caller caller, Until until, WorkloadView before, Object identity) {

        boolean isSatisfiedBy(WorkloadView now) {
            return switch (until) {
                case CHANGE -> !Objects.equals(mark(before), mark(now)) || isOver(now);
                case END -> isOver(now);
            };
        }

        private static Object mark(WorkloadView view) {
            return java.util.Arrays.asList(
                    view.state(), view.reason(), view.secondaryStatus(), view.settledAt(), view.attempt());
        }
    }

    public DeferredResult<WorkloadView> get(WorkloadId id, Caller caller, @Nullable Duration wait, Until until) {
        var now = views.get(id, caller);
        var patience = wait == null ? Duration.ZERO : wait;
        if (patience.isNegative() || patience.compareTo(LONGEST) > 0) {
            throw Problem.invalid("wait", "is between 0s and " + LONGEST.toMinutes() + "m");
        }
        var answer = new DeferredResult<WorkloadView>(patience.toMillis() + 1);
        if (patience.isZero() || isOver(now)) {
            answer.setResult(now);
            return answer;
        }
        var waiter = new Waiter(id, caller, until, now, new Object());
        answer.onTimeout(() -> answer.setResult(views.get(id, caller)));
        answer.onCompletion(() -> waiters.remove(waiter));
        waiters.put(waiter, answer);
        return answer;
    }

    @Scheduled(fixedDelayString = "${bursar.workload.waiting-tick:PT0.25S}")
    void tick() {
        waiters.forEach((waiter, answer) -> {
            var now = views.get(waiter.id(), waiter.caller());
            if (waiter.isSatisfiedBy(now)) {
                answer.setResult(now);
            }
        });
    }

    private static boolean isOver(WorkloadView view) {
        return view.state() == State.REJECTED || (view.state().isOver() && view.settledAt() != null);
    }
}
