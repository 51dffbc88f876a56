package dev.bursar.budget;

/** What becomes of the money that a month leaves. */
enum CarryOver {
    /** It stays there, and pays for nothing new. */
    NONE,
    /** It goes to the month that is open. */
    UNSPENT
}
