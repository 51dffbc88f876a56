package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.core.Role;
import dev.bursar.lab.Labs;
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
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
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
@RequestMapping("/api/v1/budgets")
@Tag(
        name = "budgets",
        description = "Money: what may be spent, what is set aside, what is spent. US dollars throughout")
class BudgetController {

    private final BudgetReads reads;
    private final Purse purse;
    private final BudgetRepository budgets;
    private final Labs labs;
    private final Once once;

    BudgetController(BudgetReads reads, Purse purse, BudgetRepository budgets, Labs labs, Once once) {
        this.reads = reads;
        this.purse = purse;
        this.budgets = budgets;
        this.labs = labs;
        this.once = once;
    }

    @PostMapping
    @Allowed(value = Role.OWNER, orMayFund = true)
    @Operation(
            operationId = "createBudget",
            summary = "Open a budget with an amount, or with one for every month",
            description =
                    "For a lab, for one project in it, or for one member. All that apply to a workload bind: the strictest wins. "
                            + "Each scope has at most one open budget. A lab's money comes from an admin or a key with budgetsWrite: "
                            + "what they open was given, and pays by itself. An owner divides it among projects and members: what an "
                            + "owner opens is a share, and pays only together with an open budget that was given.")
    @ApiResponse(responseCode = "201", description = "opened and credited")
    @ApiResponse(responseCode = "403", description = "not allowed to put money into a lab", content = @Content)
    @ApiResponse(responseCode = "409", description = "the scope has an open budget", content = @Content)
    ResponseEntity<BudgetView> create(
            Caller caller,
            @RequestHeader(name = Once.HEADER, required = false) @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            examples = {
                                                @ExampleObject(name = "a grant of $20", value = """
                    {"lab": "chem", "name": "Teaching grant 2026", "amount": 20, "reference": "NSF-2141064"}"""),
                                                @ExampleObject(name = "a share of it for a project", value = """
                    {"lab": "chem", "project": "lesson", "name": "Lesson", "amount": 5}"""),
                                                @ExampleObject(
                                                        name = "fifteen dollars a month for a member",
                                                        value = """
                    {"lab": "chem", "member": "ada", "name": "Ada's months", "period": "MONTHLY", "monthlyAmount": 15,
                     "carryOver": "UNSPENT", "timeZone": "America/New_York"}""")
                                            }))
                    @Valid @RequestBody
                    NewBudget asked) {
        var lab = labs.labOf(caller, asked.lab());
        labs.requireProject(lab, asked.project());
        if (asked.member() != null) {
            labs.requireMember(lab, asked.member());
        }
        return once.answer(caller, key, asked, BudgetView.class, () -> {
            var budget = purse.open(lab, asked, caller);
            return ResponseEntity.created(URI.create("/api/v1/budgets/" + budget.id()))
                    .body(budget);
        });
    }

    @GetMapping
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listBudgets",
            summary = "List budgets, newest first",
            description = "Your lab's; for an admin all, or one lab's.")
    ResponseEntity<Page<BudgetView>> list(
            Caller caller,
            @Parameter(description = "for admins: only this lab", example = "chem") @RequestParam @Nullable String lab,
            @Parameter(description = "next of the page before", example = "06a0k9x4wsn3q7rt") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        var only =
                caller.isAdmin() && lab == null ? null : labs.labOf(caller, lab).value();
        return reads.list(only, cursor, Page.limit(limit)).answer();
    }

    @GetMapping("/{budget}")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getBudget",
            summary = "Get a budget",
            description = "held + charged never exceeds amount: PostgreSQL itself refuses it.")
    BudgetView get(
            Caller caller,
            @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget,
            HttpServletResponse response) {
        var found = reads.findWithAccrued(caller, budget).orElseThrow(() -> Problem.notFound("budget", budget));
        // Not by ResponseEntity, which would answer 304 while only the money has changed.
        response.setHeader(HttpHeaders.ETAG, found.eTag());
        return found;
    }

    @PostMapping("/{budget}/credits")
    @Allowed(value = Role.OWNER, orMayFund = true)
    @Operation(
            operationId = "creditBudget",
            summary = "Put money into a budget",
            description =
                    "Needs an Idempotency-Key, so that a repeated request cannot credit twice. A credit that clears an overrun unfreezes the budget. "
                            + "An owner puts more into shares, but not into what was given.")
    @ApiResponse(responseCode = "201", description = "credited; the budget as it is now")
    @ApiResponse(responseCode = "400", description = "no Idempotency-Key", content = @Content)
    @ApiResponse(responseCode = "403", description = "not allowed to put money into a lab", content = @Content)
    ResponseEntity<BudgetView> credit(
            Caller caller,
            @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget,
            @Parameter(example = "renewal-2026-11") @RequestHeader(name = Once.HEADER, required = false) @Nullable String key,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject(name = "five dollars more", value = """
                    {"amount": 5, "reason": "renewed for the spring term", "reference": "NSF-2141064"}""")))
                    @Valid @RequestBody
                    Credit asked) {
        seen(caller, budget);
        if (key == null) {
            throw new Problem(ProblemType.IDEMPOTENCY_KEY_REQUIRED, "A credit needs the header Idempotency-Key.");
        }
        return once.answer(caller, key, new CreditOf(budget, asked), BudgetView.class, () -> {
            var credited = purse.credit(
                    budgets.findById(budget).orElseThrow(),
                    asked.amount(),
                    new Purse.Reason(asked.reason(), asked.reference()),
                    caller);
            return ResponseEntity.created(URI.create("/api/v1/budgets/" + budget))
                    .body(credited);
        });
    }

    private BudgetView seen(Caller caller, String budget) {
        return reads.find(caller, budget).orElseThrow(() -> Problem.notFound("budget", budget));
    }

    record Credit(
            @Schema(description = "US dollars above zero, at most 6 decimals", example = "5") @NotNull Money amount,

            @NotBlank @Size(max = 500) String reason,

            @Schema(description = "the grant that pays") @Nullable @Size(max = 200) String reference) {}

    private record CreditOf(String budget, Credit credit) {}
}
