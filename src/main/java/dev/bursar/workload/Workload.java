package dev.bursar.workload;

import dev.bursar.budget.Shortage;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work that costs money, from acceptance to the last micro-dollar. The row is its own queue: somebody must
 * look after it at {@code dueAt}. The version is the fence: whoever lost its claim finds another one.
 */
@Entity
@SuppressWarnings("UnusedVariable") // some columns are read by SQL only
class Workload {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    @Embedded
    private Origin origin;

    @JdbcTypeCode(SqlTypes.JSON)
    private String spec;

    @JdbcTypeCode(SqlTypes.JSON)
    private String quote;

    @Enumerated(EnumType.STRING)
    private State state = State.QUEUED;

    @Enumerated(EnumType.STRING)
    private @Nullable Reason reason;

    /** The budget whose money it waits for. */
    private @Nullable String waitsFor;

    private @Nullable String message;
    private @Nullable String secondaryStatus;

    @Embedded
    private Attempt attempt = new Attempt();

    @Enumerated(EnumType.STRING)
    private @Nullable StopCause stopCause;

    private @Nullable Instant stopRequestedAt;
    private @Nullable Instant dueAt;
    private @Nullable Instant seenAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private @Nullable Instant settledAt;

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable String outcome;

    @SuppressWarnings("NullAway.Init")
    protected Workload() {}

    Workload(WorkloadId id, Origin origin, String spec, String quote, Instant now) {
        this.id = id.value();
        this.origin = origin;
        this.spec = spec;
        this.quote = quote;
        this.dueAt = now;
    }

    /** Waits in the queue, for this reason, until somebody looks again. */
    void queue(@Nullable Reason why, @Nullable String words, Instant again) {
        become(State.QUEUED);
        reason = why;
        waitsFor = null;
        message = words;
        attempt.withdraw();
        dueAt = again;
    }

    /** Waits for money, or for its budget to be unfrozen. */
    void queue(Shortage shortage, Instant again) {
        queue(shortage.why() == Shortage.Why.FROZEN ? Reason.FROZEN : Reason.BUDGET, shortage.sentence(), again);
        waitsFor = shortage.budget();
    }

    /** The intent, committed before the call: from here on it may exist in SageMaker. */
    void intend(String installation, Instant sendUntil, Instant notBelievedUntil, Instant again) {
        become(State.STARTING);
        reason = null;
        message = null;
        waitsFor = null;
        attempt.intend(installation, id, sendUntil, notBelievedUntil);
        dueAt = again;
    }

    /** A Create of this attempt may have been heard: it is looked for before another is sent. */
    void lookFirst(Instant now) {
        become(State.STARTING);
        reason = null;
        dueAt = now;
    }

    /** The attempt is over and was never billed; the next one gets the next name. */
    void tryAgain(String words, Instant again) {
        queue(Reason.CAPACITY, words, again);
        attempt.giveUp();
        seenAt = null;
        startedAt = null;
        secondaryStatus = null;
    }

    boolean isSettled() {
        return settledAt != null;
    }

    /** It exists although it was settled: it is stopped, and its bill is open again. */
    void reopen(Instant now, Instant notBelievedUntil) {
        settledAt = null;
        dueAt = now;
        attempt.believeAbsenceFrom(notBelievedUntil);
    }

    /** SageMaker said that it exists: no Create is ever sent again under this name (rule N4). */
    void accept(Instant now) {
        seenAt = now;
        dueAt = now;
        attempt.recover();
    }

    /** Takes over what SageMaker says of it. */
    void see(Observation seen, @Nullable String results, Instant now) {
        attempt.see(seen.arn());
        secondaryStatus = seen.secondaryStatus();
        startedAt = seen.startedAt();
        seenAt = now;
        outcome = results;
        if (!state.isOver() && seen.state().isOver()) {
            var firstSeenOver = endedAt == null ? now : endedAt;
            end(seen.state(), seen.words(stopCause), seen.endedAt() == null ? firstSeenOver : seen.endedAt());
            stopCause = state == State.STOPPED && stopCause == null ? seen.stopCause() : stopCause;
        } else if (!state.isOver()) {
            become(isStopRequested() || state == State.STOPPING ? State.STOPPING : seen.state());
            message = state == State.STOPPING && seen.state() != State.STOPPING ? message : seen.failure();
        }
    }

    /** Asked to stop; a queued one that surely does not exist stops at once. */
    void requestStop(StopCause cause, Instant now) {
        stopCause = stopCause == null ? cause : stopCause;
        stopRequestedAt = stopRequestedAt == null ? now : stopRequestedAt;
        dueAt = now;
        if (state == State.IN_PROGRESS) {
            become(State.STOPPING);
        } else if (state == State.QUEUED && attempt.isUnknown()) {
            lookFirst(now);
        }
    }

    void end(State last, @Nullable String words, Instant at) {
        become(last);
        reason = null;
        message = words;
        endedAt = at;
    }

    /** Its bill is final and paid: nobody has to look after it any more. */
    void settle(Instant now) {
        settledAt = now;
        dueAt = null;
    }

    void lookAgain(Instant at) {
        dueAt = at;
    }

    void lookAgain(Instant at, String words) {
        lookAgain(at);
        message = words;
    }

    private void become(State next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("workload %s cannot become %s from %s".formatted(id, next, state));
        }
        state = next;
    }

    boolean isStopRequested() {
        return stopRequestedAt != null;
    }

    @Nullable StopCause stopCause() {
        return stopCause;
    }

    WorkloadId id() {
        return new WorkloadId(id);
    }

    Attempt attempt() {
        return attempt;
    }

    Origin origin() {
        return origin;
    }

    long version() {
        return Objects.requireNonNull(version);
    }

    String spec() {
        return spec;
    }

    String quote() {
        return quote;
    }

    State state() {
        return state;
    }

    @Nullable Reason reason() {
        return reason;
    }

    @Nullable Instant seenAt() {
        return seenAt;
    }

    @Nullable Instant startedAt() {
        return startedAt;
    }

    @Nullable Instant endedAt() {
        return endedAt;
    }
}
