package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.lab.Labs;
import dev.bursar.web.Once;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** The door to the lifecycle for everything above it: ask for work, and have it stopped. */
@Component
public class Lifecycle {

    private final Admission admission;
    private final Stopping stopping;
    private final WorkloadViews views;
    private final Drivers drivers;
    private final Labs labs;
    private final Once once;

    Lifecycle(Admission admission, Stopping stopping, WorkloadViews views, Drivers drivers, Labs labs, Once once) {
        this.admission = admission;
        this.stopping = stopping;
        this.views = views;
        this.drivers = drivers;
        this.labs = labs;
        this.once = once;
    }

    /** Accepts work, 202; or refuses it, and then nothing is kept of it. */
    public ResponseEntity<WorkloadView> submit(Spec asked, Caller caller, @Nullable String key, String address) {
        var known = once.known(caller, key, asked, WorkloadView.class);
        if (known.isPresent()) {
            return known.get();
        }
        var request = prepare(asked, caller);
        var over = overMaxCost(request);
        if (over.isPresent()) {
            throw over.get();
        }
        return once.answer(caller, key, asked, WorkloadView.class, () -> {
            var id = admission.admit(request, caller).id();
            return ResponseEntity.accepted()
                    .location(URI.create(address + "/" + id))
                    .body(views.get(id, caller));
        });
    }

    /** Has it stopped; durable from here on, and repeated until SageMaker's end is seen. */
    public WorkloadView stop(WorkloadId id, Caller caller) {
        views.get(id, caller);
        stopping.stop(id, StopCause.USER, caller);
        return views.get(id, caller);
    }

    Admission.Request prepare(Spec asked, Caller caller) {
        var lab = labs.labOf(caller, asked.lab());
        labs.requireProject(lab, asked.project());
        requireLeaveToHurry(asked, caller);
        var driver = drivers.of(asked);
        var spec = driver.resolve(asked, lab);
        return new Admission.Request(spec, driver.quote(spec, lab), driver.kind(), lab);
    }

    /** Everybody may step back; before others goes what the lab's owner says. */
    private static void requireLeaveToHurry(Spec asked, Caller caller) {
        var priority = asked.priority();
        if (priority != null && priority > 0 && !caller.role().covers(Role.OWNER)) {
            throw Problem.invalid("priority", "above 0 is for the lab's owner; up to 0 is for everybody");
        }
    }

    /** Why the caller's own maxCost forbids it, if it does. */
    static Optional<Problem> overMaxCost(Admission.Request request) {
        var most = request.spec().maxCost();
        var worst = request.quote().worstCase();
        if (most == null || !worst.isMoreThan(most)) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                        ProblemType.OVER_MAX_COST,
                        "The worst case is %s, your maxCost is %s; maxRuntime, instances and their type decide it."
                                .formatted(worst, most))
                .with("worstCase", worst)
                .with("maxCost", most));
    }
}
