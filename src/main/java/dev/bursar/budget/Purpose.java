package dev.bursar.budget;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import org.jspecify.annotations.Nullable;

/**
 * What money is set aside for, in plain words that are kept with the hold, so that a statement has to ask nobody.
 *
 * @param kind such as {@code training}
 */
public record Purpose(
        HoldId id,
        LabId lab,
        @Nullable ProjectId project,
        MemberId member,
        String kind,
        String instanceType,
        String priceBook) {

    Scope scope() {
        return new Scope(lab, project, member);
    }
}
