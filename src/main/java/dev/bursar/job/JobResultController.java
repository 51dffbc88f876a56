package dev.bursar.job;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.Role;
import dev.bursar.event.Event;
import dev.bursar.event.Events;
import dev.bursar.web.Allowed;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import dev.bursar.web.Streams;
import dev.bursar.workload.WorkloadId;
import dev.bursar.workload.WorkloadView;
import dev.bursar.workload.WorkloadViews;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(JobController.ADDRESS + "/{job}")
@Tag(name = "jobs")
class JobResultController {

    private static final List<String> STORY = List.of("workload.", "budget.overrun");

    private final JobResults results;
    private final WorkloadViews views;
    private final Events events;

    JobResultController(JobResults results, WorkloadViews views, Events events) {
        this.results = results;
        this.views = views;
        this.events = events;
    }

    @GetMapping("/logs")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getJobLogs",
            summary = "Get the last lines of a job's log",
            description = "Of all its instances, oldest first. Empty before the container runs.")
    List<JobResults.LogLine> logs(
            Caller caller,
            @Parameter(schema = @Schema(type = "string"), example = "06a0k9x4wsn3q7rt") @PathVariable WorkloadId job,
            @Parameter(description = "how many lines, 1 to 10000, default 100", example = "100") @RequestParam @Nullable Integer tail) {
        var lines = tail == null ? 100 : tail;
        if (lines < 1 || lines > 10_000) {
            throw Problem.invalid("tail", "is between 1 and 10000");
        }
        return results.tail(views.get(job, caller), lines);
    }

    @GetMapping("/metrics")
    @Allowed(Role.VIEWER)
    @Operation(operationId = "getJobMetrics", summary = "Get the last value of each metric of a job")
    Map<String, Double> metrics(
            Caller caller,
            @Parameter(schema = @Schema(type = "string"), example = "06a0k9x4wsn3q7rt") @PathVariable WorkloadId job) {
        var outcome = views.get(job, caller).outcome();
        return outcome == null ? Map.of() : outcome.metrics();
    }

    @GetMapping("/events")
    @Allowed(Role.VIEWER)
    @Operation(operationId = "listJobEvents", summary = "List what happened to a job, oldest first, with reasons")
    List<Event> events(
            Caller caller,
            @Parameter(schema = @Schema(type = "string"), example = "06a0k9x4wsn3q7rt") @PathVariable WorkloadId job) {
        var view = views.get(job, caller);
        return events.storyOf(new LabId(view.lab()), job.value(), STORY);
    }

    @GetMapping("/artifacts")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listJobArtifacts",
            summary = "List the files that a job left",
            description = "model.tar.gz, and output.tar.gz if a script wrote any output.")
    Page<JobResults.Artifact> artifacts(
            Caller caller,
            @Parameter(schema = @Schema(type = "string"), example = "06a0k9x4wsn3q7rt") @PathVariable WorkloadId job) {
        return new Page<>(results.artifacts(views.get(job, caller)), null);
    }

    @GetMapping("/artifacts/{artifact}")
    @Streams
    @Allowed(Role.VIEWER)
    @Operation(operationId = "downloadJobArtifact", summary = "Download a file that a job left")
    @ApiResponse(
            responseCode = "200",
            description = "the file, streamed",
            content =
                    @Content(
                            mediaType = "application/octet-stream",
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<InputStreamResource> download(
            Caller caller,
            @Parameter(schema = @Schema(type = "string"), example = "06a0k9x4wsn3q7rt") @PathVariable WorkloadId job,
            @Parameter(example = "model.tar.gz") @PathVariable String artifact) {
        WorkloadView of = views.get(job, caller);
        var file = results.open(of, artifact).orElseThrow(() -> Problem.notFound("artifact", artifact));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .contentLength(file.response().contentLength())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(artifact)
                                .build()
                                .toString())
                .body(new InputStreamResource(file));
    }
}
