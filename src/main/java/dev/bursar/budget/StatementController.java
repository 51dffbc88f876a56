package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Page;
import dev.bursar.web.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/budgets/{budget}")
@Tag(name = "budgets")
class StatementController {

    private static final MediaType CSV = MediaType.parseMediaType("text/csv;charset=UTF-8");

    private final BudgetReads reads;

    StatementController(BudgetReads reads) {
        this.reads = reads;
    }

    @GetMapping("/ledger")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listLedger",
            summary = "List a budget's movements of money, newest first",
            description =
                    "Append-only. Balances are sums of it: held = HOLD − RELEASE − CHARGE, charged = CHARGE + ADJUSTMENT.")
    ResponseEntity<Page<BudgetReads.Entry>> ledger(
            Caller caller,
            @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget,
            @Parameter(description = "next of the page before", example = "4711") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        seen(caller, budget);
        return reads.ledger(budget, cursor, Page.limit(limit)).answer();
    }

    @GetMapping("/windows")
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "listBudgetWindows",
            summary = "List the months of a budget, newest first",
            description = "What each was given, holds and spent. A grant has one window, without a month.")
    ResponseEntity<Page<BudgetWindow>> windows(
            Caller caller,
            @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget,
            @Parameter(description = "next of the page before", example = "2099-12") @RequestParam @Nullable String cursor,
            @Parameter(description = "1 to 200, default 50", example = "50") @RequestParam @Nullable Integer limit) {
        seen(caller, budget);
        return reads.windows(budget, month("cursor", cursor), Page.limit(limit)).answer();
    }

    @GetMapping(path = "/statement", produces = MediaType.APPLICATION_JSON_VALUE)
    @Allowed(Role.VIEWER)
    @Operation(
            operationId = "getStatement",
            summary = "Get a budget's statement",
            description =
                    "Sums by member (default), project, kind, instance_type or day (in the budget's time zone), over all its time or"
                            + " of one month. With ?format=csv it is text/csv.")
    @ApiResponse(
            responseCode = "200",
            description = "the statement",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = Statement.class)),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
            })
    ResponseEntity<?> statement(
            Caller caller,
            @Parameter(example = "06a0k9x4wsn3q7rt") @PathVariable String budget,
            @Parameter(example = "member") @RequestParam(defaultValue = "member") String by,
            @Parameter(description = "json or csv", example = "json") @RequestParam(defaultValue = "json")
                    String format,
            @Parameter(description = "only this month of a monthly budget", example = "2026-11") @RequestParam @Nullable String window) {
        var whole = seen(caller, budget);
        var lines = reads.statement(budget, by(by), month("window", window));
        return switch (format) {
            case "json" -> ResponseEntity.ok(new Statement(whole, by, lines));
            case "csv" -> ResponseEntity.ok().contentType(CSV).body(csv(by, lines));
            default -> throw Problem.invalid("format", "is json or csv");
        };
    }

    private static @Nullable String month(String name, @Nullable String text) {
        if (text != null && !text.matches("[0-9]{4}-[0-9]{2}")) {
            throw Problem.invalid(name, "is a month such as 2026-11");
        }
        return text;
    }

    private static BudgetReads.By by(String text) {
        try {
            return BudgetReads.By.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("by", "is member, project, kind, instance_type or day");
        }
    }

    private static String csv(String by, List<BudgetReads.Line> lines) {
        var csv = new StringBuilder(by).append(",workloads,charged_usd,overrun_usd,spent_usd,held_usd\n");
        for (var line : lines) {
            csv.append(String.join(
                            ",",
                            line.what(),
                            Long.toString(line.workloads()),
                            line.charged().amount().toPlainString(),
                            line.overrun().amount().toPlainString(),
                            line.spent().amount().toPlainString(),
                            line.held().amount().toPlainString()))
                    .append('\n');
        }
        return csv.toString();
    }

    private BudgetView seen(Caller caller, String budget) {
        return reads.find(caller, budget).orElseThrow(() -> Problem.notFound("budget", budget));
    }

    record Statement(BudgetView budget, String by, List<BudgetReads.Line> lines) {}
}
