package dev.bursar.core;

/** What a caller may do. Each role may do all that the ones before it may. */
public enum Role {
    /** Reads everything of one lab. */
    VIEWER,
    /** Runs work and uploads data in one lab. */
    MEMBER,
    /** Runs a lab: members, keys, projects, and how its money is divided. */
    OWNER,
    /** Runs the installation: labs and their money. */
    ADMIN;

    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }
}
