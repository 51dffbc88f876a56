package dev.bursar.budget;

import dev.bursar.budget.Revisions.Change;
import dev.bursar.budget.Revisions.Transfer;
import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Once;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/budgets/{budget}")
@Tag(name = "budgets")
class BudgetChangeController {

    private final BudgetReads reads;
    private final Revisions revisions;
    private final Once once;

    BudgetChangeController(BudgetReads reads, Revisions revisions, Once once) {
        this.reads = reads;
        this.revisions = revisions;
        this.once = once;
    }

    @PatchMapping
    @Allowed(value = Role.OWNER, orMayFund = true)
    @Operation(
            operationId = "changeBudget",
            summary = "Rename a budget, move its end, or lower its amount",
            description =
                    "What is absent stays. Needs If-Match with the ETag (the version) that you have read. The amount can "
                            + "only be lowered, never below what is held and spent: raise it by a credit. An owner lets what was "
                            + "given end earlier or have less a month, never later or more.")
    @ApiResponse(responseCode = "200", description = "changed; the budget as it is now")
    @ApiResponse(responseCode = "403", description = "not allowed to change a lab's own budget", content = @Content)
    @ApiResponse(responseCode = "409", description = "more is held or spent, or it is closed", content = @Content)
    @ApiResponse(responseCode = "412", description = "somebody changed it meanwhile", content = @Content)
    @ApiResponse(responseCode = "428", description = "no If-Match", content = @Content)
    ResponseEntity<BudgetView> change(
            Caller caller,
            @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget,
            @Parameter(description = "the ETag of GET, or the version", example = "0")
                    @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String version,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "two dollars less", value = """
                    {"name": "Teaching grant, second half", "amount": 18}""")))
                    @Valid @RequestBody
                    Change asked) {
        var before = seen(caller, budget);
        Revisions.requireMayDivide(caller, before);
        var changed = revisions.revise(before, versionIn(version), asked, caller);
        return ResponseEntity.ok().eTag(changed.eTag()).body(changed);
    }

    @PostMapping("/close")
    @Allowed(value = Role.OWNER, orMayFund = true)
    @Operation(
            operationId = "closeBudget",
            summary = "Close a budget",
            description =
                    "Nothing new is held in it; what is held it still pays. The scope may then have another budget, and "
                            + "what is left can be transferred. Closing again changes nothing.")
    @ApiResponse(responseCode = "200", description = "closed; the budget as it is now")
    @ApiResponse(responseCode = "403", description = "not allowed to close a lab's own budget", content = @Content)
    BudgetView close(Caller caller, @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget) {
        return revisions.close(seen(caller, budget), caller);
    }

    @PostMapping("/transfers")
    @Allowed(Role.OWNER)
    @Operation(
            operationId = "transferMoney",
            summary = "Move money to another budget of the lab",
            description =
                    "Only what is available, all of it or nothing. An owner moves money from projects and members to "
                            + "shares, an admin also from and to the lab's own budget and what else was given. Needs an Idempotency-Key, so that a repeated request moves it once.")
    @ApiResponse(responseCode = "201", description = "moved; the budget that gave it, as it is now")
    @ApiResponse(
            responseCode = "400",
            description = "no Idempotency-Key, or a budget of another lab",
            content = @Content)
    @ApiResponse(responseCode = "403", description = "not allowed to move a lab's own money", content = @Content)
    @ApiResponse(
            responseCode = "409",
            description = "not so much is available, or the other is closed",
            content = @Content)
    ResponseEntity<BudgetView> transfer(
            Caller caller,
            @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget,
            @Parameter(example = "lesson-2026-11") @RequestHeader(name = Once.HEADER, required = false) @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            examples =
                                                    @ExampleObject(name = "two dollars for the lesson", value = """
                    {"to": "06a0k9x4wsn3q7rv", "amount": 2, "reason": "the lesson needs more"}""")))
                    @Valid @RequestBody
                    Transfer asked) {
        var from = seen(caller, budget);
        var to = seen(caller, asked.to());
        if (key == null) {
            throw new Problem(ProblemType.IDEMPOTENCY_KEY_REQUIRED, "A transfer needs the header Idempotency-Key.");
        }
        return once.answer(
                caller,
                key,
                new TransferFrom(budget, asked),
                BudgetView.class,
                () -> ResponseEntity.created(URI.create("/api/v1/budgets/" + budget))
                        .body(revisions.transfer(from, to, asked, caller)));
    }

    private BudgetView seen(Caller caller, String budget) {
        return reads.find(caller, budget).orElseThrow(() -> Problem.notFound("budget", budget));
    }

    private static long versionIn(@Nullable String ifMatch) {
        if (ifMatch == null) {
            throw new Problem(ProblemType.IF_MATCH_REQUIRED, "A change needs the header If-Match.");
        }
        var version = ifMatch.strip().replaceFirst("^\"(.*)\"$", "$1");
        if (!version.matches("[0-9]{1,18}")) {
            throw Problem.invalid(HttpHeaders.IF_MATCH, "is the ETag of the budget, such as \"0\"");
        }
        return Long.parseLong(version);
    }

    private record TransferFrom(String budget, Transfer transfer) {}
}
