package dev.bursar.job;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.lab.Labs;
import dev.bursar.web.Allowed;
import dev.bursar.web.Once;
import dev.bursar.web.Page;
import dev.bursar.web.Urgent;
import dev.bursar.workload.Lifecycle;
import dev.bursar.workload.State;
import dev.bursar.workload.Waiting;
import dev.bursar.workload.WorkloadId;
import dev.bursar.workload.WorkloadView;
import dev.bursar.workload.WorkloadViews;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

@RestController
@RequestMapping(JobController.ADDRESS)
@Tag(name = "jobs", description = "Work that ends: training")
class JobController {

    static final String ADDRESS = "/api/v1/jobs";
    private static final List<String> KINDS = List.of(TrainingSpec.KIND);

    private final Lifecycle lifecycle;
    private final WorkloadViews views;
    private final Waiting waiting;
    private final Labs labs;

    JobController(Lifecycle lifecycle, WorkloadViews views, Waiting waiting, Labs labs) {
        this.lifecycle = lifecycle;
        this.views = views;
        this.waiting = waiting;
        this.labs = labs;
    }

    @PostMapping
    @Allowed(Role.MEMBER)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "createJob",
            summary = "Ask for a training",
            description =
                    "Accepted with its worst case held, or QUEUED(BUDGET) when enough money exists but is held by other work. "
                            + "Data, hyperparameters and price are checked first: what is refused holds nothing. Send an Idempotency-Key and it may be repeated safely.")
    @ApiResponse(responseCode = "202", description = "accepted; follow Location")
    @ApiResponse(
            responseCode = "422",
            description = "no budget, unaffordable, no price, unknown or unusable data",
            content = @Content)
    ResponseEntity<WorkloadView> create(
            Caller caller,
            @Parameter(description = "repeats are answered with the first answer, for 7 days")
                    @RequestHeader(name = Once.HEADER, required = false)
                    @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(implementation = JobSpec.class),
                                            examples = {
                                                @ExampleObject(name = "built-in XGBoost", value = """
                    {"kind": "training", "lab": "chem", "name": "biopsies", "project": "lesson",
                     "algorithm": {"builtIn": "xgboost", "version": "1.7-1"},
                     "hyperparameters": {"objective": "binary:logistic", "eval_metric": "auc", "num_round": 100, "max_depth": 5, "eta": 0.2},
                     "inputs": {"train": {"dataset": "biopsies", "path": "train.csv"}},
                     "compute": {"instanceType": "ml.m5.large", "instanceCount": 1, "volumeSizeGb": 10},
                     "maxRuntime": "PT10M"}"""),
                                                @ExampleObject(name = "a script", value = """
                    {"kind": "training", "lab": "chem", "name": "count lines",
                     "algorithm": {"framework": "scikit-learn", "version": "1.2-1",
                                   "script": {"dataset": "biopsies", "path": "train.py"},
                                   "metrics": [{"name": "rows", "regex": "rows=([0-9]+)"}]},
                     "hyperparameters": {"verbose": true},
                     "inputs": {"train": {"dataset": "biopsies", "path": "train.csv"}},
                     "compute": {"instanceType": "ml.m5.large"}, "maxRuntime": "5m", "maxCost": 0.10}""")
                                            }))
                    @Valid @RequestBody
                    JobSpec asked) {
        return lifecycle.submit(asked, caller, key, ADDRESS);
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listJobs",
            summary = "List jobs, newest first",
            description = "Your lab's; for an admin all, or one lab's.")
    ResponseEntity<Page<WorkloadView>> list(
            Caller caller,
            @Parameter(description = "for admins: only this lab", example = "chem") @RequestParam @Nullable String lab,
            @Parameter(example = "COMPLETED") @RequestParam @Nullable State state,
            @Parameter(description = "only of this project", example = "lesson") @RequestParam @Nullable String project,
            @Parameter(description = "only of this member", example = "ada") @RequestParam @Nullable String member,
            @Parameter(description = "next of the page before", example = "06a0k9x4wsn3q7rt") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var only =
                caller.isAdmin() && lab == null ? null : labs.labOf(caller, lab).value();
        return views.list(new WorkloadViews.Query(KINDS, only, state, project, member), cursor, Page.limit(limit))
                .answer();
    }

    @GetMapping("/{job}")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getJob",
            summary = "Get a job",
            description =
                    "With ?wait=60s it answers at the next change, with &until=end at the end, or when the time is over; at most 5m.")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = WorkloadView.class)))
    DeferredResult<WorkloadView> get(
            Caller caller,
            @Parameter(schema = @Schema(type = "string"), example = "06a0k9x4wsn3q7rt") @PathVariable WorkloadId job,
            @Parameter(schema = @Schema(type = "string"), example = "60s") @RequestParam @Nullable Duration wait,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"change", "end"}),
                            example = "end")
                    @RequestParam(defaultValue = "change")
                    String until) {
        return waiting.get(job, caller, wait, until(until));
    }

    @PostMapping("/{job}/stop")
    @Urgent
    @Allowed(Role.MEMBER)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "stopJob",
            summary = "Stop a job",
            description =
                    "Durable and repeated until SageMaker's end is seen. A queued job stops at once and costs nothing; "
                            + "a running one has 2 minutes to end and is charged for what it ran. Stopping again changes nothing.")
    WorkloadView stop(
            Caller caller,
            @Parameter(schema = @Schema(type = "string"), example = "06a0k9x4wsn3q7rt") @PathVariable WorkloadId job) {
        return lifecycle.stop(job, caller);
    }

    private static Waiting.Until until(String text) {
        try {
            return Waiting.Until.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw dev.bursar.web.Problem.invalid("until", "is change or end");
        }
    }
}
