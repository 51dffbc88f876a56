package dev.bursar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;

/** A lab of a test's own, with a budget if it likes, and keys for its people. */
record Tenant(String lab, Client admin) {

    static Tenant open(Client admin, String lab) {
        made(admin.post("/api/v1/labs", "{\"id\": \"%s\", \"name\": \"of a test\"}".formatted(lab)));
        return new Tenant(lab, admin);
    }

    Tenant withBudget(String amount) {
        made(admin.post(
                "/api/v1/budgets",
                "{\"lab\": \"%s\", \"name\": \"of a test\", \"amount\": %s}".formatted(lab, amount)));
        return this;
    }

    /** Adds a member called like the role, and calls with a key of theirs. */
    Client person(String role) {
        return person(role.toLowerCase(Locale.ROOT), role, false);
    }

    Client person(String member, String role, boolean budgetsWrite) {
        made(admin.post(
                "/api/v1/labs/" + lab + "/members",
                "{\"id\": \"%s\", \"name\": \"of a test\", \"role\": \"%s\"}".formatted(member, role)));
        var key = made(admin.post(
                "/api/v1/api-keys",
                "{\"lab\": \"%s\", \"member\": \"%s\", \"label\": \"of a test\", \"budgetsWrite\": %s}"
                        .formatted(lab, member, budgetsWrite)));
        return admin.with(key.text("secret"));
    }

    /** Makes a dataset with one file, or puts the file into it. */
    void upload(String dataset, String path, byte[] content) {
        var answer = admin.post("/api/v1/datasets", "{\"lab\": \"%s\", \"name\": \"%s\"}".formatted(lab, dataset));
        assertThat(answer.status()).as("%s", answer).isIn(201, 409);
        made(admin.put("/api/v1/datasets/%s/files/%s?lab=%s".formatted(dataset, path, lab), content));
    }

    static Answer made(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isBetween(200, 202);
        return answer;
    }
}
