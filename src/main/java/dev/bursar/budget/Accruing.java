package dev.bursar.budget;

import dev.bursar.core.Money;
import java.util.Collection;
import java.util.Map;

/** Whoever runs what money is held for: it knows what has been used and is not charged yet. */
public interface Accruing {

    /** What each has used since its start, as far as it is known, at its pinned price; absent what has not started. */
    Map<HoldId, Money> usedSoFar(Collection<HoldId> ids);
}
