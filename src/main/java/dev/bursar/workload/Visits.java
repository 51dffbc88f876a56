package dev.bursar.workload;

import dev.bursar.aws.NoCallLeft;
import dev.bursar.aws.Refusal;
import dev.bursar.workload.Booking.Duty;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Looks after one row: look (no transaction), book (one transaction), act (no transaction). Whatever goes wrong in it
 * stays with the row, and what is to stop is told so all the same (rule C4).
 */
@Component
class Visits {

    private final Runs runs;
    private final Booking booking;
    private final Launch launch;
    private final StopOrders stops;
    private final Setbacks setbacks;
    private final MeterAge meter;
    private final Timing timing;
    private final Pace pace = new Pace();

    Visits(
            Runs runs,
            Booking booking,
            Launch launch,
            StopOrders stops,
            Setbacks setbacks,
            MeterAge meter,
            Timing timing) {
        this.runs = runs;
        this.booking = booking;
        this.launch = launch;
        this.stops = stops;
        this.setbacks = setbacks;
        this.meter = meter;
        this.timing = timing;
    }

    /** Whose looks are used up for the moment. */
    Pace pace() {
        return pace;
    }

    void pay(Claim claim) {
        booking.due(claim).ifPresent(due -> {
            if (!isSeen(claim, due.run()) && due.toStop()) {
                stops.send(due.run());
            }
        });
    }

    private boolean isSeen(Claim claim, Run<Spec> run) {
        try {
            var seen = runs.driver(run).look(run);
            meter.read(run, timing.now());
            act(booking.book(claim, seen), claim, run);
            return true;
        } catch (NoCallLeft e) {
            booking.postponed(claim, pace.pause(run, runs.driver(run).kind(), e, timing.now()));
        } catch (SdkException e) {
            booking.unseen(claim, "AWS does not say how it is (" + Refusal.of(e) + "); it is asked again.");
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            setbacks.note(claim, e);
        }
        return false;
    }

    private void act(Duty duty, Claim claim, Run<Spec> run) {
        switch (duty) {
            case NOTHING -> {}
            case START -> startAgain(claim, run);
            case STOP -> stops.send(run);
        }
    }

    /** A Create whose answer was lost is new work too, as long as nobody has seen what it made. */
    private void startAgain(Claim claim, Run<Spec> run) {
        if (!runs.mayTouch()) {
            return;
        }
        if (meter.isFresh(run.account())) {
            launch.again(claim);
        } else {
            booking.postponed(claim, timing.nextLook());
        }
    }
}
