package dev.bursar.workload;

import dev.bursar.aws.AwsAccount;
import dev.bursar.aws.NoCallLeft;
import dev.bursar.core.LabId;
import dev.bursar.core.Rate;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;

/**
 * A SageMaker written by hand: it accepts by name, once, and answers each Create of a workload as its test has planned.
 * Without a plan it accepts.
 */
final class TestDriver implements Driver<TestSpec> {

    static final Duration ENDING = Duration.ofMinutes(12);

    /** Until a call is left again. */
    static final Duration WAIT = Duration.ofMillis(700);

    private final Map<String, TestJob> jobs = new ConcurrentHashMap<>();
    private final Map<String, Deque<Answer>> plans = new ConcurrentHashMap<>();
    private final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();
    private final Map<String, Integer> creates = new ConcurrentHashMap<>();
    private final Map<String, Integer> unsent = new ConcurrentHashMap<>();
    private final Map<String, Integer> accepted = new ConcurrentHashMap<>();
    private final Map<String, Integer> stops = new ConcurrentHashMap<>();
    private final Set<Long> revoked = ConcurrentHashMap.newKeySet();

    /** How a Create is answered. */
    enum Answer {
        ACCEPT(null, ""),
        LOST_BEFORE(null, ""),
        LOST_AFTER(null, ""),
        /** An earlier Create, thought lost, arrives just before this one. */
        OVERTAKEN(null, ""),
        /** A mistake of the driver's. */
        BREAKS(null, ""),
        /** What is asked cannot be said to SageMaker, as a person is told. */
        UNWRITABLE,
        /** The same, found by somebody else's code. */
        UNSAYABLE,
        /** A problem that passes. */
        UNREADY,
        /** AWS does not give what the Create needs. */
        UNHEARD,
        /** A mistake of the driver's before anything is sent. */
        BREAKS_UNSENT,
        DIES_BEFORE(null, ""),
        DIES_AFTER(null, ""),
        NO_CALL_LEFT(null, ""),
        THROTTLED("ThrottlingException", "Rate exceeded"),
        DENIED("AccessDeniedException", "not authorized to perform: sagemaker:CreateTrainingJob"),
        QUOTA(
                "ResourceLimitExceeded",
                "The account-level service limit 'ml.m5.large for training job usage' is 4 Instances, with current"
                        + " utilization of 4 Instances and a request delta of 1 Instances."),
        QUOTA_TOO_SMALL(
                "ResourceLimitExceeded",
                "The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances, with current"
                        + " utilization of 0 Instances and a request delta of 1 Instances."),
        INVISIBLE("ValidationException", "Could not assume role arn:aws:iam::1:role/new: it cannot be assumed."),
        INVALID("ValidationException", "No S3 objects found under S3 URL \"s3://b/k\" given in input data source.");

        private final @Nullable String code;
        private final String text;
        private final boolean isUnsent;

        Answer() {
            this.code = null;
            this.text = "";
            this.isUnsent = true;
        }

        Answer(@Nullable String code, String text) {
            this.code = code;
            this.text = text;
            this.isUnsent = false;
        }
    }

    /** The process ends here, as far as the service can tell. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    void plan(String label, Answer... answers) {
        plans.computeIfAbsent(label, none -> new ArrayDeque<>()).addAll(List.of(answers));
    }

    /** What happens in the world while a Create of this workload is on its way. */
    void meanwhile(String label, Runnable events) {
        meanwhile.put(label, events);
    }

    @Nullable TestJob job(String name) {
        return jobs.get(name);
    }

    void put(String name, TestJob job) {
        jobs.put(name, job);
    }

    /** Nobody is let into this account any more. */
    void revoke(long account) {
        revoked.add(account);
    }

    void letIn(long account) {
        revoked.remove(account);
    }

    void delete(String name) {
        jobs.remove(name);
    }

    int creates(String name) {
        return creates.getOrDefault(name, 0);
    }

    /** How often a Create of this name was not even made ready. */
    int unsent(String name) {
        return unsent.getOrDefault(name, 0);
    }

    int accepted(String name) {
        return accepted.getOrDefault(name, 0);
    }

    int stops(String name) {
        return stops.getOrDefault(name, 0);
    }

    @Override
    public String kind() {
        return "made-up";
    }

    @Override
    public Class<TestSpec> specType() {
        return TestSpec.class;
    }

    @Override
    public TestSpec resolve(TestSpec asked, LabId lab) {
        return asked;
    }

    @Override
    public Quote quote(TestSpec spec, LabId lab) {
        var rate = new Rate(new BigDecimal("3.6"), "tests/1");
        return Quote.limited("ml.test", rate, 1, spec.limit(), ENDING, Duration.ZERO);
    }

    @Override
    public Create ready(Run<TestSpec> run) {
        var plan = plans.get(run.spec().name());
        var next = plan == null ? null : plan.peek();
        if (plan == null || next == null || !next.isUnsent) {
            return () -> create(run);
        }
        plan.remove();
        unsent.merge(run.name(), 1, Integer::sum);
        throw switch (next) {
            case UNWRITABLE -> Problem.invalid("hyperparameters.a", "is a number, a string or a boolean");
            case UNSAYABLE -> new IllegalArgumentException("a name of 101 bytes");
            case UNREADY -> new Problem(ProblemType.BUSY, "Others are first.");
            case UNHEARD -> SdkClientException.create("the script's bucket does not answer");
            default -> new IllegalStateException("a driver's mistake");
        };
    }

    private void create(Run<TestSpec> run) {
        creates.merge(run.name(), 1, Integer::sum);
        var events = meanwhile.remove(run.spec().name());
        if (events != null) {
            events.run();
        }
        var plan = plans.get(run.spec().name());
        var answer = plan == null || plan.isEmpty() ? Answer.ACCEPT : plan.remove();
        switch (answer) {
            case ACCEPT -> accept(run);
            case LOST_BEFORE -> throw SdkClientException.create("connection reset");
            case LOST_AFTER -> {
                accept(run);
                throw SdkClientException.create("read timed out");
            }
            case OVERTAKEN -> {
                accept(run);
                accept(run);
            }
            case NO_CALL_LEFT -> {
                creates.merge(run.name(), -1, Integer::sum);
                throw new NoCallLeft("CreateMadeUp", WAIT);
            }
            case BREAKS -> throw new IllegalStateException("a driver's mistake");
            case DIES_BEFORE -> throw new Death();
            case DIES_AFTER -> {
                accept(run);
                throw new Death();
            }
            case THROTTLED, DENIED, QUOTA, QUOTA_TOO_SMALL, INVISIBLE, INVALID ->
                throw refusal(String.valueOf(answer.code), answer.text);
            case UNWRITABLE, UNSAYABLE, UNREADY, UNHEARD, BREAKS_UNSENT ->
                throw new IllegalStateException("they come before");
        }
    }

    private void accept(Run<TestSpec> run) {
        if (jobs.putIfAbsent(run.name(), new TestJob()) != null) {
            throw refusal("ResourceInUse", "a training job with this name already exists");
        }
        accepted.merge(run.name(), 1, Integer::sum);
    }

    @Override
    public Optional<Observation> look(Run<TestSpec> run) {
        if (revoked.contains(run.account().id())) {
            throw refusal("AccessDeniedException", "not authorized to perform: sts:AssumeRole");
        }
        var job = jobs.get(run.name());
        if (job != null && job.takesNoLook()) {
            throw new NoCallLeft("Describe", WAIT);
        }
        if (job != null && job.isUnreachable()) {
            throw SdkClientException.create("connect timed out");
        }
        return Optional.ofNullable(job).map(found -> found.observation(run.name()));
    }

    @Override
    public void stop(Run<TestSpec> run) {
        var job = jobs.get(run.name());
        if (job != null && job.takesNoStop()) {
            throw new NoCallLeft("Stop", WAIT);
        }
        stops.merge(run.name(), 1, Integer::sum);
        if (job != null) {
            job.askToStop();
        }
    }

    @Override
    public boolean hasNews() {
        return true;
    }

    @Override
    public Iterable<List<Change>> changedSince(AwsAccount account, String prefix, Instant since) {
        return List.of(jobs.entrySet().stream()
                .filter(job -> job.getKey().startsWith(prefix) && job.getValue().isNews())
                .map(job -> new Change(job.getKey(), job.getValue().state(), Instant.EPOCH))
                .toList());
    }

    @Override
    public Optional<Found<TestSpec>> find(AwsAccount account, String name) {
        var spec = new TestSpec("found", null, null, null, null, Duration.ofMinutes(10));
        return Optional.ofNullable(jobs.get(name)).map(job -> new Found<>(job.output(), spec));
    }

    private static SageMakerException refusal(String code, String text) {
        var details =
                AwsErrorDetails.builder().errorCode(code).errorMessage(text).build();
        return (SageMakerException) SageMakerException.builder()
                .awsErrorDetails(details)
                .statusCode(400)
                .message(text)
                .build();
    }
}
