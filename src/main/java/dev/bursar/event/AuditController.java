package dev.bursar.event;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit")
@Tag(name = "audit", description = "Who changed what, when, with which key and for whom")
class AuditController {

    private final Events events;

    AuditController(Events events) {
        this.events = events;
    }

    @GetMapping
    @Allowed(Role.OWNER)
    @Operation(
            operationId = "listAudit",
            summary = "List what people changed, newest first",
            description =
                    "An owner sees the own lab, an admin everything or one lab. Every mutation is here with its actor, "
                            + "the person a portal acted for, the key, the request id, and how it was before and after.")
    ResponseEntity<Page<Event>> list(
            Caller caller,
            @Parameter(description = "for admins: only this lab", example = "chem") @RequestParam @Nullable String lab,
            @Parameter(description = "only what happened to this id", example = "06a0k9x4wsn3q7rt")
                    @RequestParam
                    @Nullable String subject,
            @Parameter(description = "next of the page before", example = "4711") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var only = caller.lab() == null ? lab : caller.lab().value();
        if (lab != null && !lab.equals(only)) {
            throw dev.bursar.web.Problem.notFound("lab", lab);
        }
        return events.audit(only, subject, cursor, Page.limit(limit)).answer();
    }
}
