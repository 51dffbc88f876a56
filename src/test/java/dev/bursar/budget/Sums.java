package dev.bursar.budget;

/** A budget's four numbers, in micro-dollars. */
record Sums(long amount, long held, long charged, long overrun) {

    static Sums of(Model.Budget budget) {
        return new Sums(budget.amount, budget.held, budget.charged, budget.overrun);
    }
}
