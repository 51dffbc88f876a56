package dev.bursar.budget;

/** For how long an amount is. */
enum Period {
    /** One amount, from its start to its end, or without one. */
    GRANT,
    /** An amount for every month. */
    MONTHLY
}
