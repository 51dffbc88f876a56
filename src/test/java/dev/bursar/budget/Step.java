package dev.bursar.budget;

/**
 * Something that moves money, drawn at random.
 *
 * @param which of the holds so far, or who asks, or which budget is credited
 * @param small an amount in micro-dollars that often fits
 * @param large one that often does not
 * @param diesAfter so many statements, and is then repeated; 0: it does not die
 */
record Step(Verb verb, int which, long small, long large, int diesAfter) {

    enum Verb {
        TAKE,
        /** Two at the same time. */
        TAKE_TWICE,
        RENEW,
        ROLL,
        SETTLE,
        /** Settle at more than there is. */
        OVERRUN,
        CREDIT,
        LOWER,
        TRANSFER,
        CLOSE,
        EXPIRE,
        /** A month goes by. */
        ROLL_OVER
    }
}
