package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.contract.AccessScene.Prepared;
import dev.bursar.contract.Wire.Reply;
import dev.bursar.testing.ServiceTest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Every handler that Spring itself knows, asked by everybody, in every spelling of its address: nobody gets more by a spelling
 * than by the plain request, and what is open without a key is known by name. The handlers are not those of the contract, so
 * that what is reachable and unpublished is tried as well.
 */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTests {

    private static final List<String> CALLERS = List.of(
            "no key",
            "wrong key",
            "revoked key",
            "expired key",
            "viewer",
            "member",
            "owner",
            "admin",
            "budgetsWrite",
            "foreign member",
            "foreign owner");
    private static final Set<String> WITHOUT_A_KEY = Set.of("no key", "wrong key", "revoked key", "expired key");
    private static final Set<String> OPEN = Set.of(
            "ProblemController",
            "Actuator web endpoint 'health'",
            "Actuator web endpoint 'health-path'",
            "Actuator web endpoint 'prometheus'",
            "OpenApiWebMvcResource",
            "SwaggerConfigResource",
            "SwaggerWelcomeWebMvc",
            "ResourceHttpRequestHandler");
    private static final int AT_ONCE = 6;

    private final Service service;
    private final ApplicationContext context;
    private AccessScene scene;

    @SuppressWarnings("NullAway.Init") // before all
    AccessMatrixTests(Environment environment, ApplicationContext context) {
        service = Service.in(environment);
        this.context = context;
    }

    /** What somebody gets: the higher, the more. */
    private enum Gain {
        NOTHING,
        KNOWS_THAT_IT_IS_THERE,
        ALL
    }

    @BeforeAll
    void hireEverybody() {
        scene = new AccessScene(service.admin(), "matrix");
        scene.add("wrong key", service.nobody().with("bsr_wrong"));
        var revoked = key("null");
        assertThat(service.admin().delete("/api/v1/api-keys/" + revoked.id()).status())
                .isEqualTo(204);
        scene.add("revoked key", service.nobody().with(revoked.text("secret")));
        var expired = service.nobody()
                .with(key("\"" + Instant.now().plusMillis(1_000) + "\"").text("secret"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> expired.get("/api/v1/labs").status() == 401);
        scene.add("expired key", expired);
    }

    @Test
    void nobodyGetsMoreByASpellingOfTheAddress() throws Exception {
        var handlers = SpringHandlers.in(context);
        var others = Map.of("key", scene.keyOfAda(), "member", scene.leaver());
        var plain = new HashMap<String, Gain>();
        inParallel(handlers.stream().<Callable<List<String>>>map(handler -> () -> {
            try (var wire = new Wire(service.address())) {
                for (var caller : CALLERS) {
                    var gain = gain(send(wire, prepared(handler, caller, others), caller));
                    synchronized (plain) {
                        plain.merge(handler + " " + caller, gain, AccessMatrixTests::larger);
                    }
                }
                return List.of();
            }
        }));
        requireOnlyWhatIsNamedToBeOpen(handlers, plain);

        var verdicts = inParallel(
                handlers.stream().<Callable<List<String>>>map(handler -> () -> spelt(handler, others, plain)));

        var wrong = verdicts.stream().filter(verdict -> !verdict.isEmpty()).toList();
        System.out.printf(
                "access: cells right/total %d/%d, of %d handlers and %d callers%n",
                verdicts.size() - wrong.size(), verdicts.size(), handlers.size(), CALLERS.size());
        assertThat(wrong).isEmpty();
    }

    private static void requireOnlyWhatIsNamedToBeOpen(List<SpringHandlers.Handler> handlers, Map<String, Gain> plain) {
        assertThat(handlers).as("handlers of Spring's").hasSizeGreaterThan(60);
        for (var handler : handlers) {
            for (var caller : WITHOUT_A_KEY) {
                assertThat(plain.get(handler + " " + caller))
                        .as("%s, %s", handler, caller)
                        .isEqualTo(OPEN.contains(handler.name()) && caller.equals("no key") ? Gain.ALL : Gain.NOTHING);
            }
            assertThat(plain.get(handler + " admin")).as("%s, admin", handler).isEqualTo(Gain.ALL);
        }
    }

    /** Empty for every cell that is right. */
    private List<String> spelt(SpringHandlers.Handler handler, Map<String, String> others, Map<String, Gain> plain)
            throws IOException {
        var verdicts = new ArrayList<String>();
        try (var wire = new Wire(service.address())) {
            for (var caller : CALLERS) {
                for (var spelling : Spelling.of(prepared(handler, caller, others), service.address())) {
                    var reply = send(wire, spelling.request(), caller);
                    var most = most(wire, spelling, caller, plain.getOrDefault(handler + " " + caller, Gain.NOTHING));
                    var right = reply.status() < 500
                            && (gain(reply).compareTo(most) <= 0 || tellsMethodsOnly(spelling, caller, reply));
                    verdicts.add(
                            right
                                    ? ""
                                    : "%s, %s, %s %s: %d, in plain %s"
                                            .formatted(
                                                    handler,
                                                    caller,
                                                    spelling.name(),
                                                    spelling.request().address(),
                                                    reply.status(),
                                                    most));
                }
            }
        }
        return verdicts;
    }

    private Gain most(Wire wire, Spelling spelling, String caller, Gain plain) throws IOException {
        return spelling.twin() == null ? plain : larger(plain, gain(send(wire, spelling.twin(), caller)));
    }

    private static boolean tellsMethodsOnly(Spelling spelling, String caller, Reply reply) {
        return spelling.name().equals("OPTIONS")
                && reply.status() == 200
                && reply.body().isEmpty()
                && reply.headers().containsKey("allow")
                && !WITHOUT_A_KEY.contains(caller);
    }

    private Reply send(Wire wire, Prepared request, String caller) throws IOException {
        return wire.send(
                request.method(), request.address(), scene.caller(caller).key(), request.headers(), request.body());
    }

    private Prepared prepared(SpringHandlers.Handler handler, String caller, Map<String, String> others) {
        return Contract.operations().stream()
                .filter(operation -> operation.toString().equals(handler.operation()))
                .findFirst()
                .map(operation ->
                        scene.request(operation, "", caller, operation.method().equals("DELETE") ? others : Map.of()))
                .orElseGet(() -> new Prepared(handler.method(), handler.address(), "", Map.of()));
    }

    /** A wrong address or method is as good a refusal as any; any other answer comes from behind the door. */
    private static Gain gain(Reply reply) {
        return switch (reply.status()) {
            case 400, 401, 404, 405 -> Gain.NOTHING;
            case 403 -> Gain.KNOWS_THAT_IT_IS_THERE;
            default -> Gain.ALL;
        };
    }

    private static Gain larger(Gain one, Gain other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static List<String> inParallel(Stream<Callable<List<String>>> work) throws Exception {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var all = new ArrayList<String>();
            for (Future<List<String>> each : threads.invokeAll(work.toList())) {
                all.addAll(each.get());
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private Answer key(String expiresAt) {
        return made(service.admin()
                .post(
                        "/api/v1/api-keys",
                        "{\"lab\": \"matrix\", \"member\": \"owner\", \"label\": \"short\", \"expiresAt\": %s}"
                                .formatted(expiresAt)));
    }
}
