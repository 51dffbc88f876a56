package dev.bursar.workload;

import dev.bursar.aws.NoCallLeft;
import dev.bursar.aws.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends stops to SageMaker. A refused or lost one is sent again after the next look. */
@Component
class StopOrders {

    private static final Logger log = LoggerFactory.getLogger(StopOrders.class);

    private final Runs runs;
    private final Booking booking;
    private final Timing timing;

    StopOrders(Runs runs, Booking booking, Timing timing) {
        this.runs = runs;
        this.booking = booking;
        this.timing = timing;
    }

    void send(Run<Spec> run) {
        if (!runs.mayTouch()) {
            return;
        }
        try {
            runs.driver(run).stop(run);
        } catch (NoCallLeft e) {
            booking.unstopped(
                    run.id(), timing.now().plus(e.waitFor()), "Its stop is sent as soon as AWS takes another call.");
        } catch (SdkException e) {
            log.warn("stop of {} was not accepted ({}); it is repeated", run.name(), Refusal.of(e));
            unstopped(run, Refusal.of(e).toString());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            log.error("stop of {} could not be sent; it is repeated", run.name(), e);
            unstopped(run, e.getClass().getSimpleName());
        }
    }

    private void unstopped(Run<Spec> run, String why) {
        booking.unstopped(run.id(), timing.nextLook(), "AWS did not take the stop (" + why + "); it is sent again.");
    }
}
