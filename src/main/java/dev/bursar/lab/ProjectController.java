package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.ProjectId;
import dev.bursar.core.Role;
import dev.bursar.core.Slug;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.web.Allowed;
import dev.bursar.web.Once;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/labs/{lab}/projects")
@Tag(name = "labs")
class ProjectController {

    private final ProjectRepository projects;
    private final Labs access;
    private final Events events;
    private final Once once;
    private final Clock clock;

    ProjectController(ProjectRepository projects, Labs access, Events events, Once once, Clock clock) {
        this.projects = projects;
        this.access = access;
        this.events = events;
        this.once = once;
        this.clock = clock;
    }

    @PostMapping
    @Allowed(Role.OWNER)
    @Operation(
            operationId = "createProject",
            summary = "Open a project in a lab",
            description = "For grouping, and for a budget of its own.")
    @ApiResponse(responseCode = "201", description = "opened")
    @ApiResponse(responseCode = "409", description = "the id is taken", content = @Content)
    ResponseEntity<ProjectView> create(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @RequestHeader(name = Once.HEADER, required = false) @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "lesson", value = """
                    {"id": "lesson", "name": "Machine learning, spring term"}""")))
                    @Valid @RequestBody
                    NewProject asked) {
        var owner = access.labOf(caller, lab);
        return once.answer(caller, key, new ProjectOf(owner, asked), ProjectView.class, () -> {
            if (projects.existsById(new Project.Key(owner.value(), asked.id().value()))) {
                throw new Problem(ProblemType.ALREADY_EXISTS, "The lab has a project " + asked.id() + " already.");
            }
            var project = projects.saveAndFlush(
                    new Project(owner, asked.id(), asked.name(), asked.externalId(), clock.instant()));
            events.append(Fact.of("project.opened", owner, asked.id().value(), asked), caller);
            return ResponseEntity.created(URI.create("/api/v1/labs/" + lab + "/projects/" + asked.id()))
                    .body(ProjectView.of(project));
        });
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(operationId = "listProjects", summary = "List a lab's projects by id")
    ResponseEntity<Page<ProjectView>> list(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @Parameter(description = "next of the page before", example = "lesson") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var most = Page.limit(limit);
        var rows = projects.page(access.labOf(caller, lab).value(), cursor, Limit.of(most + 1)).stream()
                .map(ProjectView::of)
                .toList();
        return Page.of(rows, most, project -> project.id().value()).answer();
    }

    @GetMapping("/{project}")
    @Allowed(Role.VIEWER)
    @Operation(operationId = "getProject", summary = "Get a project")
    ProjectView get(
            Caller caller,
            @Parameter(example = "chem") @PathVariable String lab,
            @Parameter(example = "lesson") @PathVariable String project) {
        return projects.findById(new Project.Key(access.labOf(caller, lab).value(), project))
                .map(ProjectView::of)
                .orElseThrow(() -> Problem.notFound("project", project));
    }

    record NewProject(
            @Schema(type = "string", pattern = Slug.PATTERN, example = "lesson", description = Slug.MEANING) @NotNull ProjectId id,

            @NotBlank @Size(max = 200) String name,
            @Nullable @Size(max = 200) String externalId) {}

    record ProjectView(
            @Schema(type = "string", example = "lesson") ProjectId id,
            @Schema(type = "string", example = "chem") LabId lab,
            String name,
            @Nullable String externalId,
            Instant createdAt) {

        static ProjectView of(Project project) {
            return new ProjectView(
                    project.id(), project.lab(), project.name(), project.externalId(), project.createdAt());
        }
    }

    private record ProjectOf(LabId lab, NewProject project) {}
}
