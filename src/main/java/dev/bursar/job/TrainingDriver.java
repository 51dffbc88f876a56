package dev.bursar.job;

import dev.bursar.aws.AwsAccount;
import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.AwsClients;
import dev.bursar.aws.Refusal;
import dev.bursar.catalogue.Catalogue;
import dev.bursar.core.LabId;
import dev.bursar.core.Rate;
import dev.bursar.workload.Driver;
import dev.bursar.workload.Observation;
import dev.bursar.workload.Quote;
import dev.bursar.workload.Run;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;

/** How a training looks in SageMaker. */
@Component
class TrainingDriver implements Driver<TrainingSpec> {

    private final AwsClients clients;
    private final AwsAccounts accounts;
    private final Catalogue catalogue;
    private final TrainingResolution resolution;
    private final Scripts scripts;
    private final TrainingNews news;
    private final JobSettings settings;

    TrainingDriver(
            AwsClients clients,
            AwsAccounts accounts,
            Catalogue catalogue,
            TrainingResolution resolution,
            Scripts scripts,
            TrainingNews news,
            JobSettings settings) {
        this.clients = clients;
        this.accounts = accounts;
        this.catalogue = catalogue;
        this.resolution = resolution;
        this.scripts = scripts;
        this.news = news;
        this.settings = settings;
    }

    @Override
    public String kind() {
        return TrainingSpec.KIND;
    }

    @Override
    public Class<TrainingSpec> specType() {
        return TrainingSpec.class;
    }

    @Override
    public TrainingSpec resolve(TrainingSpec asked, LabId lab) {
        return resolution.resolve(asked, lab, rate(asked, lab));
    }

    @Override
    public Quote quote(TrainingSpec spec, LabId lab) {
        return Quote.limited(
                spec.compute().instanceType(),
                rate(spec, lab),
                spec.compute().instances(),
                Objects.requireNonNull(spec.maxRuntime()),
                settings.ending(),
                settings.overheadOnAws());
    }

    @Override
    public Create ready(Run<TrainingSpec> run) {
        var script = run.spec().algorithm().script();
        var source = script == null ? null : scripts.archiveUri(script, run);
        var request = TrainingRequest.of(run, source);
        var sageMaker = clients.sageMaker(run.account());
        return () -> sageMaker.createTrainingJob(request);
    }

    @Override
    public Optional<Observation> look(Run<TrainingSpec> run) {
        return describe(run.account(), run.name()).map(job -> TrainingObservation.of(job, run));
    }

    @Override
    public boolean hasNews() {
        return true;
    }

    @Override
    public Iterable<List<Change>> changedSince(AwsAccount account, String prefix, Instant since) {
        return news.since(account, prefix, since);
    }

    @Override
    public Optional<Found<TrainingSpec>> find(AwsAccount account, String name) {
        return describe(account, name).map(TrainingFound::of);
    }

    private Optional<DescribeTrainingJobResponse> describe(AwsAccount account, String name) {
        try {
            return Optional.of(
                    clients.sageMaker(account).describeTrainingJob(describe -> describe.trainingJobName(name)));
        } catch (SageMakerException e) {
            if (Refusal.of(e) == Refusal.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void stop(Run<TrainingSpec> run) {
        try {
            clients.sageMaker(run.account()).stopTrainingJob(stop -> stop.trainingJobName(run.name()));
        } catch (SageMakerException e) {
            if (Refusal.of(e) != Refusal.FINISHED && Refusal.of(e) != Refusal.NOT_FOUND) {
                throw e;
            }
        }
    }

    private Rate rate(TrainingSpec spec, LabId lab) {
        var compute = spec.compute();
        return catalogue.rate(
                dev.bursar.catalogue.Component.TRAINING,
                compute.instanceType(),
                compute.volumeGb(),
                accounts.of(lab).region());
    }
}
