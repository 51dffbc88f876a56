package dev.bursar.workload;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.Installation;
import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.workload.Orphans.AttemptName;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Makes of a workload what its driver needs to know of the present attempt. */
@Component
class Runs {

    private final AwsAccounts accounts;
    private final Installation installation;
    private final Drivers drivers;

    Runs(AwsAccounts accounts, Installation installation, Drivers drivers) {
        this.accounts = accounts;
        this.installation = installation;
        this.drivers = drivers;
    }

    /**
     * What a visit needs to know of a row.
     *
     * @param toStop whether what it may have in SageMaker is to end: it was told to, or should never have been made
     */
    record Due(Run<Spec> run, boolean toStop) {}

    Due due(Workload workload) {
        var toStop = workload.state().isOver() ? !workload.attempt().wasSeen() : workload.isStopRequested();
        return new Due(of(workload), toStop);
    }

    /** New work, as it is kept: in the AWS account that its lab has now. */
    Workload accept(Admission.Request request, MemberId member, Instant now) {
        var account = accounts.of(request.lab()).id();
        return new Workload(
                WorkloadId.next(now),
                Origin.of(request, member, account, now),
                drivers.writeSpec(request.spec()),
                drivers.write(request.quote()),
                now);
    }

    /** Work that runs in SageMaker already, and that nobody here knew of; nobody knows who asked for it. */
    Workload found(Admission.Request request, AttemptName attempt, long account, Instant now) {
        var member = Caller.BURSAR.member();
        var workload = new Workload(
                attempt.id(),
                Origin.of(request, member, account, now),
                drivers.writeFoundSpec(request.spec()),
                drivers.write(request.quote()),
                now);
        workload.attempt().found(attempt);
        workload.lookFirst(now);
        workload.accept(now);
        return workload;
    }

    Run<Spec> of(Workload workload) {
        LabId lab = workload.origin().lab();
        var account = accounts.of(workload.origin().awsAccountId());
        var id = workload.id();
        var output = account.uri(account.keyPrefix(lab)
                + "results/%s/%s/%d/"
                        .formatted(installation.id(), id, workload.attempt().number()));
        return new Run<>(
                id,
                lab,
                account,
                Objects.requireNonNull(workload.attempt().sageMakerName(), "the name is stored before the first call"),
                output,
                Map.of(
                        "bursar:installation",
                        installation.id(),
                        "bursar:lab",
                        lab.value(),
                        "bursar:workload",
                        id.value()),
                drivers.readSpec(workload.spec()));
    }

    Driver<Spec> driver(Run<Spec> run) {
        return drivers.of(run.spec());
    }

    Quote quote(Workload workload) {
        return drivers.read(workload.quote(), Quote.class);
    }

    String outcome(Observation seen) {
        return drivers.write(Outcome.of(seen));
    }

    String installation() {
        return installation.id();
    }

    /** A copied database looks, but touches nothing. */
    boolean mayTouch() {
        return !installation.isCopy();
    }
}
