package dev.bursar.core;

import org.jspecify.annotations.Nullable;

/**
 * Who is asking, for whom, with which key and in which request. Everybody takes it as a parameter.
 *
 * @param lab the only lab that the caller may see; null for an admin, who sees all
 * @param onBehalfOf the person a portal acts for, as the portal names them
 * @param mayFund may put money into a lab ({@code budgets:write})
 */
public record Caller(
        @Nullable LabId lab,
        MemberId member,
        Role role,
        boolean mayFund,
        @Nullable String keyId,
        @Nullable String onBehalfOf,
        @Nullable String requestId) {

    /** The service itself, when it acts by its own duty: dispatcher, reconciler, meter. */
    public static final Caller BURSAR = new Caller(null, new MemberId("bursar"), Role.ADMIN, true, null, null, null);

    public boolean isAdmin() {
        return role == Role.ADMIN;
    }

    public boolean maySee(LabId other) {
        return lab == null || lab.equals(other);
    }

    /** Whether the caller may bring money into a lab; everybody else divides what was given (rule M9). */
    public boolean mayGive() {
        return isAdmin() || mayFund;
    }

    /** How the caller is named in the ledger and the audit log. */
    public String actor() {
        return lab == null ? member.value() : lab + "/" + member;
    }
}
