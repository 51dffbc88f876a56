package dev.bursar.budget;

import dev.bursar.core.Money;
import org.jspecify.annotations.Nullable;

/**
 * Why money could not be set aside, and by which budget: the strictest of those that bind.
 *
 * @param left what the budget has free now; with {@link Why#TOO_LITTLE} what it would have if every hold were released
 * @param because with {@link Why#NO_BUDGET}: what became of the money that was given
 */
public record Shortage(
        String budget,
        String budgetName,
        Money asked,
        Money left,
        Why why,
        @Nullable String because) {

    public Shortage(String budget, String budgetName, Money asked, Money left, Why why) {
        this(budget, budgetName, asked, left, why, null);
    }

    /** What stands in the way. */
    public enum Why {
        /** No budget that was given applies to this lab, project and member, though a share of one may. */
        NO_BUDGET,
        /** The budget was closed while it was asked. */
        CLOSED,
        /** It would never fit, even with every hold of others released. */
        TOO_LITTLE,
        /** The budget ends before the work would surely be over. */
        ENDS_TOO_SOON,
        /** The budget is frozen until somebody clears its overrun. */
        FROZEN,
        /** What is free is kept for work that has waited for very long. */
        KEPT_FOR_OLDER_WORK,
        /** Enough is there, but held for other work now. */
        HELD_BY_OTHERS
    }

    /** Whether it may fit later without anybody changing the budget. */
    public boolean mayPass() {
        return why == Why.FROZEN || why == Why.KEPT_FOR_OLDER_WORK || why == Why.HELD_BY_OTHERS;
    }

    /** For people. */
    public String sentence() {
        return switch (why) {
            case NO_BUDGET ->
                budget.equals("none")
                        ? "No open budget applies to this lab, project and member: %s.".formatted(because)
                        : "Budget '%s' (%s) is a share of what the lab is given and pays only together with that: %s."
                                .formatted(budgetName, budget, because);
            case CLOSED -> "Budget '%s' (%s) is closed.".formatted(budgetName, budget);
            case TOO_LITTLE ->
                "Budget '%s' (%s) can never pay this: the worst case is %s and it has %s left."
                        .formatted(budgetName, budget, asked, left);
            case ENDS_TOO_SOON ->
                "Budget '%s' (%s) ends before this would surely be over.".formatted(budgetName, budget);
            case FROZEN ->
                "Budget '%s' (%s) is frozen because more was spent than it held; a credit by an admin clears it."
                        .formatted(budgetName, budget);
            case KEPT_FOR_OLDER_WORK ->
                "Budget '%s' (%s) keeps its money for work of yours that has waited for longer; it starts after that."
                        .formatted(budgetName, budget);
            case HELD_BY_OTHERS ->
                "Budget '%s' (%s) has %s free and the worst case is %s; it starts when running work releases enough."
                        .formatted(budgetName, budget, left, asked);
        };
    }
}
