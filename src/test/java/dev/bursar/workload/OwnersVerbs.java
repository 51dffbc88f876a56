package dev.bursar.workload;

import static java.util.Map.entry;

import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every operation that an owner's key may call, as Spring's own mapping has it, and what a search sends to it. */
final class OwnersVerbs {

    /** Everything that writes, by what it writes. An operation that is not here has no place in the search, and fails it. */
    private static final Map<String, BiFunction<Division, Draw, String>> BODIES = Map.ofEntries(
            entry("POST /api/v1/budgets", OwnersVerbs::budget),
            entry("PATCH /api/v1/budgets/{budget}", OwnersVerbs::change),
            entry("POST /api/v1/budgets/{budget}/credits", (in, draw) -> money(draw, "")),
            entry("POST /api/v1/budgets/{budget}/transfers", OwnersVerbs::transfer),
            entry("POST /api/v1/budgets/{budget}/close", (in, draw) -> ""),
            entry("POST /api/v1/jobs", (in, draw) -> ""),
            entry("POST /api/v1/jobs/{job}/stop", (in, draw) -> ""),
            entry("POST /api/v1/estimates", (in, draw) -> "{\"kind\": \"training\"}"),
            entry("POST /api/v1/labs/{lab}/members", OwnersVerbs::member),
            entry("DELETE /api/v1/labs/{lab}/members/{member}", (in, draw) -> ""),
            entry("POST /api/v1/labs/{lab}/projects", (in, draw) -> "{\"id\": \"q\", \"name\": \"Q\"}"),
            entry("PUT /api/v1/labs/{lab}/freeze", (in, draw) -> "{\"stop\": \"NOTHING\", \"reason\": \"a search\"}"),
            entry("DELETE /api/v1/labs/{lab}/freeze", (in, draw) -> ""),
            entry("POST /api/v1/api-keys", OwnersVerbs::key),
            entry("DELETE /api/v1/api-keys/{key}", (in, draw) -> ""),
            entry("POST /api/v1/datasets", (in, draw) -> "{\"name\": \"d\"}"),
            entry("DELETE /api/v1/datasets/{dataset}", (in, draw) -> ""),
            entry("PUT /api/v1/datasets/{dataset}/files/{path}", (in, draw) -> "1,2\n"),
            entry("DELETE /api/v1/datasets/{dataset}/files/{path}", (in, draw) -> ""));

    private OwnersVerbs() {}

    /** An operation. */
    record Verb(String method, String path) {

        boolean reads() {
            return method.equals("GET");
        }

        String body(Division in, Draw draw) {
            return reads() ? "" : Objects.requireNonNull(BODIES.get(toString())).apply(in, draw);
        }

        private int weight() {
            return switch (toString()) {
                case "POST /api/v1/jobs" -> 80;
                case "POST /api/v1/budgets" -> 30;
                default -> reads() ? 1 : path.startsWith("/api/v1/budgets") ? 14 : 2;
            };
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All of them, each as often as it is to be drawn; those that write money more often. */
    static List<Verb> of(ApplicationContext service) {
        var mapping = service.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        var verbs = new ArrayList<Verb>();
        mapping.getHandlerMethods().forEach((info, handler) -> {
            var allowed = handler.getMethodAnnotation(Allowed.class);
            if (allowed != null && Role.OWNER.covers(allowed.value())) {
                info.getPatternValues()
                        .forEach(path -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> verbs.add(
                                        new Verb(method.name(), path.replaceAll("\\{\\*?(\\w+)[^}]*}", "{$1}")))));
            }
        });
        var unknown = verbs.stream()
                .filter(verb -> !verb.reads() && !BODIES.containsKey(verb.toString()))
                .toList();
        if (!unknown.isEmpty()) {
            throw new AssertionError("nobody has said how an owner calls " + unknown);
        }
        verbs.sort(java.util.Comparator.comparing(Verb::toString));
        return verbs.stream()
                .flatMap(verb -> Collections.nCopies(verb.weight(), verb).stream())
                .toList();
    }

    private static String budget(Division in, Draw draw) {
        var scope = draw.of("\"project\": \"p\"", "\"member\": \"ada\"", "\"member\": \"pi\"", "\"reference\": \"x\"");
        return budget(in, draw, scope, draw.of("3", "40", "100000"));
    }

    /** Of any scope; half of them by the month; some begin later, some end. */
    static String budget(Division in, Draw draw, String scope, String amount) {
        return "{\"name\": \"b\", %s, %s%s%s}"
                .formatted(
                        scope,
                        draw.of(
                                "\"amount\": " + amount,
                                "\"period\": \"MONTHLY\", \"carryOver\": \"UNSPENT\", \"monthlyAmount\": " + amount),
                        draw.of("", "", ", \"startsAt\": \"%s\"".formatted(in.later(20))),
                        draw.of("", ", \"endsAt\": \"%s\"".formatted(in.later(25))));
    }

    private static String change(Division in, Draw draw) {
        return draw.of(
                "{\"name\": \"renamed\"}",
                "{\"amount\": 2}",
                "{\"monthlyAmount\": 100000}",
                "{\"endsAt\": \"%s\"}".formatted(in.later(400)),
                "{\"endsAt\": \"%s\"}".formatted(in.later(1)));
    }

    private static String transfer(Division in, Draw draw) {
        return money(draw, "\"to\": \"%s\", ".formatted(in.value("budget", draw)));
    }

    private static String money(Draw draw, String to) {
        return "{%s\"amount\": %s, \"reason\": \"a search\"}".formatted(to, draw.of("1", "50", "1000", "-5"));
    }

    private static String member(Division in, Draw draw) {
        return "{\"id\": \"%s\", \"name\": \"A\", \"role\": \"%s\"}"
                .formatted(draw.of("ada", "bob"), draw.of("MEMBER", "OWNER"));
    }

    private static String key(Division in, Draw draw) {
        return "{\"member\": \"%s\", \"label\": \"l\", \"budgetsWrite\": %s}"
                .formatted(draw.of("pi", "ada", "portal"), draw.of("true", "false", "false"));
    }
}
