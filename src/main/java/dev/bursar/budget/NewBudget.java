package dev.bursar.budget;

import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import dev.bursar.web.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A budget that is to be opened. With neither project nor member it is the whole lab's. */
record NewBudget(
        @Schema(description = "for admins and portals: whose budget", example = "chem") @Nullable String lab,

        @Schema(type = "string", description = "only for this project", example = "lesson") @Nullable ProjectId project,

        @Schema(type = "string", description = "only for this member", example = "ada") @Nullable MemberId member,

        @NotBlank @Size(max = 200) String name,

        @Schema(description = "what a grant has: US dollars, at most 6 decimals", example = "20") @Nullable Money amount,

        @Schema(description = "the grant that pays, as the funder names it", example = "NSF-2141064")
        @Nullable @Size(max = 200) String reference,

        @Schema(description = "how your portal names it") @Nullable @Size(max = 200) String externalId,

        @Schema(description = "from when it pays; now, when absent") @Nullable Instant startsAt,

        @Schema(
                description =
                        "until when it pays, exclusive; for ever, when absent. Work is admitted only if it is surely over by then.")
        @Nullable Instant endsAt,

        @Schema(description = "GRANT when absent: one amount. MONTHLY: an amount for every month") @Nullable Period period,

        @Schema(description = "what every month has: US dollars, at most 6 decimals", example = "15") @Nullable Money monthlyAmount,

        @Schema(description = "UNSPENT: what a month leaves goes to the next; NONE when absent") @Nullable CarryOver carryOver,

        @Schema(
                description = "in which months and the days of statements begin, as IANA names it; UTC when absent",
                example = "America/New_York")
        @Nullable String timeZone) {

    Period periodOrGrant() {
        return period == null ? Period.GRANT : period;
    }

    boolean isMonthly() {
        return period == Period.MONTHLY;
    }

    boolean isOfWholeLab() {
        return project == null && member == null;
    }

    /** What it has to begin with. */
    Money first() {
        var first = isMonthly() ? monthlyAmount : amount;
        if (first == null) {
            throw Problem.invalid(isMonthly() ? "monthlyAmount" : "amount", "must not be null");
        }
        return first;
    }

    ZoneId zone() {
        if (timeZone == null) {
            return ZoneOffset.UTC;
        }
        if (!ZoneId.getAvailableZoneIds().contains(timeZone)) {
            throw Problem.invalid("timeZone", "is a name such as Europe/Zurich or America/New_York");
        }
        return ZoneId.of(timeZone);
    }

    /** What belongs to the other period is refused, not ignored. */
    void requireOnePeriod() {
        if (!first().isPositive()) {
            throw Problem.invalid(isMonthly() ? "monthlyAmount" : "amount", "must be above zero");
        }
        if (isMonthly() && amount != null) {
            throw Problem.invalid("amount", "is a grant's; a monthly budget has a monthlyAmount");
        }
        if (!isMonthly() && (monthlyAmount != null || carryOver != null)) {
            throw Problem.invalid(
                    monthlyAmount != null ? "monthlyAmount" : "carryOver", "needs \"period\": \"MONTHLY\"");
        }
        if (startsAt != null && endsAt != null && !endsAt.isAfter(startsAt)) {
            throw Problem.invalid("endsAt", "must be after startsAt");
        }
    }
}
