package dev.bursar.workload;

import dev.bursar.budget.Payer;
import dev.bursar.core.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request would cost at most, and what would become of it now. Promises nothing, holds nothing. */
record Estimate(
        @Schema(description = "US dollars that would be held", example = "0.042931")
        Money worstCase,

        @Schema(example = "ml.m5.large") String instanceType,
        @Schema(example = "1") int instances,

        @Schema(description = "one instance with its volume, US dollars an hour", example = "0.1170833333")
        BigDecimal usdPerHour,

        @Schema(example = "us-east-1/2026-11-22") String priceBook,

        @Schema(type = "string", example = "PT10M", description = "absent for what runs until it is stopped") @Nullable Duration maxRuntime,

        @Schema(
                type = "string",
                description = "how long after that SageMaker may still bill: late end, grace, upload",
                example = "PT12M")
        Duration ending,

        Admitted admitted,

        @Schema(
                description =
                        "the budgets that would hold the worst case, each all of it; none when there is no budget")
        List<Payer> payers,

        @Schema(description = "the strictest budget that stands in the way") @Nullable String budget,

        @Schema(description = "what that budget has left") @Nullable Money left,

        @Schema(description = "why not, or why not at once") @Nullable String why,

        @Schema(description = "nothing would be bought", example = "true")
        boolean simulated,

        @Schema(
                description = "simulated only: what a run of a few seconds would about cost on AWS",
                example = "0.004228")
        @Nullable Money onAwsAbout) {

    /** What would become of the request now. */
    enum Admitted {
        /** It would be accepted with its money held. */
        NOW,
        /** It would be accepted and wait for money. */
        QUEUED,
        /** It would be refused. */
        NO
    }
}
