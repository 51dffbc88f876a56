package dev.bursar.job;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.core.LabId;
import dev.bursar.core.Rate;
import dev.bursar.dataset.Datasets;
import dev.bursar.dataset.Location;
import dev.bursar.job.TrainingSpec.Algorithm;
import dev.bursar.job.TrainingSpec.Channel;
import dev.bursar.job.TrainingSpec.Compute;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Fills in what a request leaves open, and makes addresses of names: the result is exactly what will run. */
@Component
class TrainingResolution {

    private static final Duration LONGEST = Duration.ofDays(5);

    private final OwnCode ownCode;
    private final AwsAccounts accounts;
    private final Datasets datasets;
    private final TrainingCheck check;
    private final JobSettings settings;

    TrainingResolution(
            OwnCode ownCode, AwsAccounts accounts, Datasets datasets, TrainingCheck check, JobSettings settings) {
        this.ownCode = ownCode;
        this.accounts = accounts;
        this.datasets = datasets;
        this.check = check;
        this.settings = settings;
    }

    TrainingSpec resolve(TrainingSpec asked, LabId lab, Rate rate) {
        var compute = new Compute(
                asked.compute().instanceType(),
                asked.compute().instances(),
                asked.compute().volumeGb());
        var limit = limit(asked, compute, rate);
        requireNoReservedNames(asked);
        if (!asked.algorithm().isBuiltIn()) {
            ownCode.requireAllowed(lab);
        }
        Images.of(asked.algorithm(), accounts.of(lab).region());
        var locations = new LinkedHashMap<String, Location>();
        asked.inputs().forEach((name, channel) -> locations.put(name, locate("inputs." + name, channel, lab)));
        var located = new LinkedHashMap<String, Channel>();
        asked.inputs()
                .forEach((name, channel) -> located.put(
                        name,
                        new Channel(
                                channel.dataset(),
                                channel.path(),
                                Objects.requireNonNull(locations.get(name)).s3Uri(),
                                contentType(asked.algorithm(), channel))));
        var resolved = asked.with(filled(asked.algorithm()), located, compute, limit);
        TrainingRequest.requireSayable(resolved, lab, accounts.of(lab));
        check.requireUsable(resolved, locations, lab);
        return resolved;
    }

    private Duration limit(TrainingSpec asked, Compute compute, Rate rate) {
        var limit = asked.maxRuntime();
        if (limit == null) {
            limit = asked.maxCost() == null ? settings.defaultMaxRuntime() : bought(asked, compute, rate);
        }
        if (limit.compareTo(Duration.ofSeconds(1)) < 0 || limit.compareTo(LONGEST) > 0) {
            throw Problem.invalid("maxRuntime", "is between 1 second and 5 days");
        }
        return Duration.ofSeconds(limit.toSeconds());
    }

    /** The run time that maxCost pays for, its ending included. */
    private Duration bought(TrainingSpec asked, Compute compute, Rate rate) {
        var most = Objects.requireNonNull(asked.maxCost());
        var time = rate.boughtBy(most).dividedBy(compute.instances()).minus(settings.ending());
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            var least = rate.worstCase(settings.ending().plusSeconds(60).multipliedBy(compute.instances()));
            throw new Problem(
                    ProblemType.OVER_MAX_COST,
                    "maxCost %s does not even pay for the ending of such a job; %s pays for one minute of training."
                            .formatted(most, least));
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST : Duration.ofSeconds(time.toSeconds());
    }

    private Location locate(String field, Channel channel, LabId lab) {
        if ((channel.dataset() == null) == (channel.s3Uri() == null)) {
            throw Problem.invalid(field, "names either a dataset or an s3Uri");
        }
        if (channel.dataset() != null) {
            return datasets.locate(lab, channel.dataset(), channel.path());
        }
        if (channel.path() != null) {
            throw Problem.invalid(field + ".path", "goes with a dataset; an s3Uri has its path in itself");
        }
        var uri = Objects.requireNonNull(channel.s3Uri());
        return datasets.ofUri(lab, uri)
                .orElseThrow(() -> new Problem(ProblemType.UNKNOWN_DATA, field + ": there is nothing at " + uri));
    }

    private static Algorithm filled(Algorithm asked) {
        return asked.isBuiltIn() && asked.version() == null
                ? new Algorithm(
                        asked.builtIn(), Images.DEFAULT_XGBOOST, null, asked.script(), asked.image(), asked.metrics())
                : asked;
    }

    /** A built-in algorithm has to be told; a file's ending tells what a person means by it. */
    private static @org.jspecify.annotations.Nullable String contentType(Algorithm algorithm, Channel channel) {
        if (channel.contentType() != null || !algorithm.isBuiltIn()) {
            return channel.contentType();
        }
        var name = Objects.requireNonNullElse(channel.path() == null ? channel.s3Uri() : channel.path(), "");
        return name.endsWith(".csv") ? "text/csv" : null;
    }

    private static void requireNoReservedNames(TrainingSpec asked) {
        for (Map.Entry<String, Object> parameter : asked.hyperparametersOrNone().entrySet()) {
            if (parameter.getKey().startsWith("sagemaker_")
                    || parameter.getKey().startsWith("_")) {
                throw Problem.invalid(
                        "hyperparameters." + parameter.getKey(), "is a name that SageMaker keeps for itself");
            }
        }
        if (asked.environment() != null && asked.environment().containsKey("BURSAR_WORKLOAD")) {
            throw Problem.invalid("environment.BURSAR_WORKLOAD", "is a name that Bursar keeps for itself");
        }
    }
}
