package dev.bursar.budget;

/**
 * Something that moves money, drawn at random.
 *
 * @param which of the holds so far, or who asks, or which budget is credited
 * @param small an amount in micro-dollars that often fits
 * @param large one that often does not
 */
record Step(Verb verb, int which, long small, long large) {

    enum Verb {
        TAKE,
        RENEW,
        SETTLE,
        CREDIT
    }
}
