package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
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
@RequestMapping("/api/v1/labs")
@Tag(name = "labs", description = "Tenants: everything belongs to exactly one lab, and no lab sees another's")
class LabController {

    private final LabRepository labs;
    private final Labs access;
    private final Events events;
    private final Once once;
    private final Clock clock;

    LabController(LabRepository labs, Labs access, Events events, Once once, Clock clock) {
        this.labs = labs;
        this.access = access;
        this.events = events;
        this.once = once;
        this.clock = clock;
    }

    @PostMapping
    @Allowed(Role.ADMIN)
    @Operation(
            operationId = "createLab",
            summary = "Open a lab",
            description = "Its id stands in addresses and S3 keys and cannot be changed.")
    @ApiResponse(responseCode = "201", description = "opened")
    @ApiResponse(responseCode = "409", description = "the id or external id is taken", content = @Content)
    ResponseEntity<LabView> create(
            Caller caller,
            @RequestHeader(name = Once.HEADER, required = false) @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "chem", value = """
                    {"id": "chem", "name": "Chemistry, Professor Curie", "externalId": "coldfront-17"}""")))
                    @Valid @RequestBody
                    NewLab asked) {
        return once.answer(caller, key, asked, LabView.class, () -> {
            if (labs.existsById(asked.id().value())
                    || (asked.externalId() != null && labs.existsByExternalId(asked.externalId()))) {
                throw new Problem(ProblemType.ALREADY_EXISTS, "There is a lab with this id or externalId already.");
            }
            var lab = labs.saveAndFlush(new Lab(asked.id(), asked.name(), asked.externalId(), clock.instant()));
            events.append(Fact.of("lab.opened", lab.id(), lab.id().value(), asked), caller);
            return ResponseEntity.created(URI.create("/api/v1/labs/" + lab.id()))
                    .body(LabView.of(lab));
        });
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listLabs",
            summary = "List the labs you may see",
            description = "For an admin all of them, else your own.")
    ResponseEntity<Page<LabView>> list(
            Caller caller,
            @Parameter(description = "next of the page before", example = "chem") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var most = Page.limit(limit);
        var only = caller.lab() == null ? null : caller.lab().value();
        var rows = labs.page(only, cursor, Limit.of(most + 1)).stream()
                .map(LabView::of)
                .toList();
        return Page.of(rows, most, lab -> lab.id().value()).answer();
    }

    @GetMapping("/{lab}")
    @Allowed(Role.VIEWER)
    @Operation(operationId = "getLab", summary = "Get a lab")
    LabView get(Caller caller, @Parameter(example = "chem") @PathVariable String lab) {
        return labs.findById(access.labOf(caller, lab).value())
                .map(LabView::of)
                .orElseThrow(() -> Problem.notFound("lab", lab));
    }

    record NewLab(
            @Schema(type = "string", pattern = Slug.PATTERN, example = "chem", description = Slug.MEANING) @NotNull LabId id,

            @NotBlank @Size(max = 200) String name,

            @Schema(description = "how your portal names it") @Nullable @Size(max = 200) String externalId) {}

    record LabView(
            @Schema(type = "string", example = "chem") LabId id,
            String name,
            @Nullable String externalId,
            Instant createdAt) {

        static LabView of(Lab lab) {
            return new LabView(lab.id(), lab.name(), lab.externalId(), lab.createdAt());
        }
    }
}
