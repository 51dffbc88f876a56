package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.workload.Stories.Work;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.context.request.async.DeferredResult;

/** Whatever people read and wait for, a stop can be ordered and is sent, and what runs is paid for. */
@LifecycleTest
@TestPropertySource(
        properties = {
            "bursar.workload.waiting-tick=P1D",
            "bursar.workload.count-tick=P1D",
            "bursar.budget.sum-tick=P1D",
            "bursar.budget.rollover-tick=P1D"
        })
class DutiesTests {

    private static final int READERS = 200;
    private static final int WAITERS = 1_000;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Autowired
    private Stories stories;

    @Autowired
    private Waiting waiting;

    @Autowired
    private DataSource database;

    @Autowired
    private ThreadPoolTaskScheduler duties;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private List<ScheduledTaskHolder> scheduled;

    @Value("${local.server.port}")
    private int port;

    @Value("${bursar.home}")
    private Path home;

    @Value("${bursar.database.requests:10}")
    private int connectionsOfRequests;

    @Test
    void sendsAStopAndRenewsALeaseWhileReadersHaveEveryConnectionOfTheirs() throws Exception {
        var work = stories.work().running();
        var lease = stories.leased(stories.lab("1000"), null).dispatched().looked();
        var name = work.name();
        var job = work.job();
        var paidUntil = paidUntil(lease);
        var waiters = waiters(List.of(work));

        List<HttpResponse<String>> read;
        try (var taken = new Taken()) {
            taken.take(database, connectionsOfRequests);
            var readers = IntStream.range(0, READERS)
                    .mapToObj(reader -> send("GET", "/api/v1/jobs/" + work.id()))
                    .toList();
            assertThat(send("POST", "/api/v1/jobs/" + work.id() + "/stop").get().statusCode())
                    .isEqualTo(202);
            tick(stories.reconciler()::tick);
            assertThat(stories.sageMaker().stops(name)).isEqualTo(1);

            stories.clock().advance(Duration.ofMinutes(51));
            tick(stories.renewal()::tick);
            job.ends(State.STOPPED, stories.clock().instant(), Duration.ofSeconds(10));
            tick(stories.reconciler()::tick);
            tick(waiting::tick);
            assertThat(waiters).allMatch(DeferredResult::hasResult);
            read = readers.stream().map(CompletableFuture::join).toList();
        }

        assertThat(paidUntil(lease)).isAfter(paidUntil);
        assertThat(read).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        });
        assertThat(send("GET", "/api/v1/jobs/" + work.id()).get().statusCode()).isEqualTo(200);
    }

    @Test
    void looksAfterAThousandWaitersWithOneStatement() throws Exception {
        var works = IntStream.range(0, 5).mapToObj(number -> stories.work()).toList();
        var waiters = waiters(works);

        var before = statementsOfDuties();
        tick(waiting::tick);
        var quiet = statementsOfDuties() - before;
        works.get(0).stopped();
        tick(waiting::tick);
        var answering = statementsOfDuties() - before - quiet;

        assertThat(quiet).isEqualTo(1);
        assertThat(answering).isEqualTo(3);
        assertThat(waiters.stream().filter(DeferredResult::hasResult)).hasSize(WAITERS / works.size());
        works.forEach(Work::stopped);
        tick(waiting::tick);
        assertThat(waiters).allMatch(DeferredResult::hasResult);
    }

    @Test
    void everyDutyHasAThreadAndAConnectionOfItsOwn() {
        var number = scheduled.stream()
                .mapToInt(holder -> holder.getScheduledTasks().size())
                .sum();

        assertThat(number).isGreaterThan(8);
        assertThat(duties.getScheduledThreadPoolExecutor().getCorePoolSize()).isGreaterThanOrEqualTo(number);
        assertThat(meters.get("hikaricp.connections.max")
                        .tag("pool", "duties")
                        .gauge()
                        .value())
                .isGreaterThanOrEqualTo(number);
    }

    private List<DeferredResult<WorkloadView>> waiters(List<Work> works) {
        return IntStream.range(0, WAITERS)
                .mapToObj(number -> works.get(number % works.size()).id())
                .map(id -> waiting.get(id, Caller.BURSAR, Duration.ofMinutes(5), Waiting.Until.END))
                .toList();
    }

    /** As the scheduler does it. */
    private void tick(Runnable duty) throws ExecutionException, InterruptedException {
        duties.submit(duty).get();
    }

    /** Each takes a connection and gives it back. */
    private long statementsOfDuties() {
        return meters.get("hikaricp.connections.acquire")
                .tag("pool", "duties")
                .timer()
                .count();
    }

    private Instant paidUntil(Work work) {
        return stories.jdbc()
                .sql("select paid_until from paid_time where workload_id = :id")
                .param("id", work.id().value())
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .single();
    }

    private CompletableFuture<HttpResponse<String>> send(String method, String path) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .header(
                            "Authorization",
                            "Bearer "
                                    + Files.readString(home.resolve("admin.key"))
                                            .strip())
                    .method(method, BodyPublishers.noBody())
                    .build();
            return HTTP.sendAsync(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Connections that somebody has and does not give back. */
    private static final class Taken implements AutoCloseable {

        private final List<Connection> all = new ArrayList<>();

        void take(DataSource database, int number) throws SQLException {
            for (var each = 0; each < number; each++) {
                all.add(database.getConnection());
            }
        }

        @Override
        public void close() throws SQLException {
            for (var each : all) {
                each.close();
            }
        }
    }
}
