package dev.bursar.budget;

import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a budget is for. What it holds is in its window, which money alone writes. */
@Entity
@SuppressWarnings("UnusedVariable") // some columns are read by SQL only
class Budget {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    private String labId;
    private @Nullable String projectId;
    private @Nullable String memberId;
    private boolean given;
    private String name;
    private @Nullable String reference;
    private @Nullable String externalId;

    private @Nullable Instant closedAt;

    @Enumerated(EnumType.STRING)
    private Period period;

    private String timeZone;
    private @Nullable BigDecimal monthlyAmount;

    @Enumerated(EnumType.STRING)
    private CarryOver carryOver;

    private @Nullable Instant endsAt;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Budget() {}

    Budget(LabId lab, NewBudget asked, boolean given, Instant now) {
        this.id = Ids.next(now);
        this.labId = lab.value();
        this.given = given;
        this.projectId = asked.project() == null ? null : asked.project().value();
        this.memberId = asked.member() == null ? null : asked.member().value();
        this.name = asked.name();
        this.reference = asked.reference();
        this.externalId = asked.externalId();
        this.period = asked.periodOrGrant();
        this.timeZone = asked.zone().getId();
        this.monthlyAmount =
                asked.monthlyAmount() == null ? null : asked.monthlyAmount().amount();
        this.carryOver = asked.carryOver() == null ? CarryOver.NONE : asked.carryOver();
        this.endsAt = period == Period.MONTHLY ? asked.endsAt() : null;
        this.createdAt = now;
    }

    String id() {
        return id;
    }

    LabId lab() {
        return new LabId(labId);
    }

    @Nullable ProjectId project() {
        return projectId == null ? null : new ProjectId(projectId);
    }

    @Nullable MemberId member() {
        return memberId == null ? null : new MemberId(memberId);
    }

    boolean isOfWholeLab() {
        return projectId == null && memberId == null;
    }

    /** By an admin or a funding key; else it is a share, which pays only beside one that was given (rule M9). */
    boolean isGiven() {
        return given;
    }

    String name() {
        return name;
    }

    @Nullable String reference() {
        return reference;
    }

    @Nullable String externalId() {
        return externalId;
    }

    Instant createdAt() {
        return createdAt;
    }
}
