package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.LabId;
import dev.bursar.core.ProjectId;
import dev.bursar.testing.TestLabs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/**
 * A freeze of everything while the lab's money is moved from all sides. Once in every build; as often as is asked with
 * {@code -Dbursar.freezes=20}.
 */
@LifecycleTest
class FreezeStormTests {

    private static final int QUEUED = 260;
    private static final int SETTLED = 60;
    private static final int WORKERS = 4;

    private final Stories stories;
    private final Environment environment;

    FreezeStormTests(Stories stories, Environment environment) {
        this.stories = stories;
        this.environment = environment;
    }

    @Test
    void holdsWithoutADeadlockBesideSettlementsStartsAndNewWork() throws Exception {
        var before = deadlocks();
        for (var time = 0; time < Integer.getInteger("bursar.freezes", 1); time++) {
            freezeBesideEverything();
        }
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(deadlocks()).isEqualTo(before));
    }

    private void freezeBesideEverything() throws Exception {
        var lab = labWithThreeBudgets();
        var ending = IntStream.range(0, SETTLED).mapToObj(at -> work(lab, at)).toList();
        ending.get(0).dispatched().looked();
        ending.forEach(work -> work.job().starts(stories.clock().instant()));
        stories.clock().advance(Duration.ofSeconds(2));
        ending.forEach(work -> work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(1)));
        var queued = IntStream.range(0, QUEUED).mapToObj(at -> work(lab, at)).toList();

        var workers = Executors.newFixedThreadPool(WORKERS + 2);
        var done = new ArrayList<Future<?>>();
        try {
            for (var worker = 0; worker < WORKERS; worker++) {
                done.add(workers.submit(() -> stories.reconciler().tick()));
            }
            done.add(workers.submit(() -> stories.dispatcher().tick()));
            done.add(workers.submit(() -> IntStream.range(0, 20).forEach(at -> work(lab, at))));
            var answer = freeze(lab);
            var created = created(queued);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            for (var each : done) {
                each.get();
            }
            stories.dispatcher().tick();
            assertThat(created(queued)).isEqualTo(created);
            assertThat(waiting(lab)).isZero();
        } finally {
            workers.shutdownNow();
        }
        stories.reconciler().tick();
        assertThat(ending)
                .allSatisfy(work -> assertThat(work.view().settledAt()).isNotNull());
        assertThat(differences(lab)).isZero();
    }

    private LabId labWithThreeBudgets() {
        var labs = new TestLabs(stories.jdbc(), stories.clock().instant());
        var lab = stories.lab("10000");
        for (var project : List.of("a", "b")) {
            labs.project(lab, project);
            labs.budget(lab, project, null, "5000", null);
        }
        return lab;
    }

    private Stories.Work work(LabId lab, int at) {
        var project = at % 3 == 0 ? null : new ProjectId(at % 3 == 1 ? "a" : "b");
        var spec = new TestSpec("work", lab.value(), project, null, null, Duration.ofMinutes(10));
        var answer = stories.lifecycle().submit(spec, Stories.caller(lab), null, "/api/v1/jobs");
        return new Stories.Work(
                stories, Objects.requireNonNull(answer.getBody()).id(), lab);
    }

    private HttpResponse<String> freeze(LabId lab) throws Exception {
        var key = Files.readString(Path.of(environment.getRequiredProperty("bursar.home"), "admin.key"));
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/api/v1/labs/%s/freeze"
                        .formatted(environment.getRequiredProperty("local.server.port"), lab)))
                .header("Authorization", "Bearer " + key.strip())
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"stop\": \"ALL\", \"reason\": \"audit\"}"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private int created(List<Stories.Work> works) {
        return works.stream()
                .mapToInt(work -> stories.sageMaker().creates(stories.nameOf(work, 1)))
                .sum();
    }

    /** What is queued in a frozen lab and was not told to stop, but for what came after the freeze. */
    private int waiting(LabId lab) {
        return count("""
                select count(*) from workload w
                where lab_id = :lab and state = 'QUEUED' and reason is distinct from 'FROZEN'""", lab);
    }

    private int differences(LabId lab) {
        return count("""
                select count(*) from budget b join budget_window w on w.budget_id = b.id
                where b.lab_id = :lab and not exists (
                  select from hold h where w.id = any(h.windows)
                  having coalesce(sum(h.held), 0) = w.held and coalesce(sum(h.charged), 0) = w.charged)""", lab);
    }

    private int deadlocks() {
        return count("select deadlocks from pg_stat_database where datname = current_database()", null);
    }

    private int count(String statement, @Nullable LabId lab) {
        return stories.jdbc()
                .sql(statement)
                .param("lab", lab == null ? null : lab.value())
                .query(Integer.class)
                .single();
    }
}
