package dev.bursar.workload;

import dev.bursar.budget.HoldView;
import dev.bursar.core.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A workload as it is shown: what was asked, where it is, what it costs, what came of it. */
public record WorkloadView(
        @Schema(type = "string", description = "16 characters that sort by age", example = "06a0k9x4wsn3q7rt")
        WorkloadId id,

        @Schema(example = "training") String kind,
        @Schema(example = "biopsies") String name,
        @Schema(example = "chem") String lab,
        @Nullable String project,
        @Schema(example = "ada") String member,
        State state,
        @Schema(description = "why it is queued") @Nullable Reason reason,

        @Schema(
                description =
                        "while it is queued: 1 is the next of your lab's to be started of those that wait for the same",
                example = "3")
        @Nullable Integer queuePosition,

        @Schema(description = "what to know now, for people") @Nullable String message,

        @Schema(description = "SageMaker's own", example = "Training") @Nullable String secondaryStatus,

        @Nullable StopCause stopCause,

        @Schema(description = "how many SageMaker jobs were made for it", example = "1")
        int attempt,

        @Schema(example = "x4k2p9-06a0k9x4wsn3q7rt-1") @Nullable String sageMakerName,

        Cost cost,
        @Nullable Outcome outcome,
        Instant createdAt,

        @Schema(description = "from when SageMaker bills") @Nullable Instant startedAt,

        @Nullable Instant endedAt,

        @Schema(description = "when its bill was final and paid") @Nullable Instant settledAt,

        @Schema(ref = "#/components/schemas/JobSpec", description = "the request, with defaults filled in")
        Spec spec) {

    WorkloadView with(Cost other) {
        return new WorkloadView(
                id,
                kind,
                name,
                lab,
                project,
                member,
                state,
                reason,
                queuePosition,
                message,
                secondaryStatus,
                stopCause,
                attempt,
                sageMakerName,
                other,
                outcome,
                createdAt,
                startedAt,
                endedAt,
                settledAt,
                spec);
    }

    /** What a workload costs. US dollars. */
    @Schema(name = "WorkloadCost")
    public record Cost(
            @Schema(description = "what is held for it at most", example = "0.042931")
            Money worstCase,

            @Schema(description = "set aside now", example = "0.042931")
            Money held,

            @Schema(description = "spent", example = "0.004291")
            Money charged,

            @Schema(
                    description = "what it has used so far and is not charged yet, by time; absent when nothing runs",
                    example = "0.001951")
            @Nullable Money accrued,

            @Schema(description = "spent beyond its hold", example = "0.000000")
            Money overrun,

            @Schema(example = "ml.m5.large") String instanceType,
            @Schema(example = "1") int instances,

            @Schema(description = "one instance with its volume, US dollars an hour", example = "0.1170833333")
            BigDecimal usdPerHour,

            @Schema(example = "us-east-1/2026-11-22") String priceBook,

            @Schema(
                    description = "run time after which SageMaker ends it; absent for what runs until it is stopped",
                    example = "PT10M",
                    type = "string")
            @Nullable Duration maxRuntime,

            @Schema(description = "while it runs: until when its hold pays; what has no maxRuntime is renewed before")
            @Nullable Instant paidUntil,

            @Schema(description = "nothing was bought: it ran on the embedded engine", example = "true")
            boolean simulated,

            @Schema(
                    description =
                            "simulated only: what AWS would about have asked, with the time it bills for fetching image and data",
                    example = "0.004228")
            @Nullable Money onAwsAbout) {

        Cost with(HoldView hold, @Nullable Money accruedBeyondIt) {
            return new Cost(
                    worstCase,
                    hold.held(),
                    hold.charged(),
                    accruedBeyondIt,
                    hold.overrun(),
                    instanceType,
                    instances,
                    usdPerHour,
                    priceBook,
                    maxRuntime,
                    paidUntil,
                    simulated,
                    onAwsAbout);
        }
    }
}
