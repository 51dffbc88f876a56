package dev.bursar.embedded;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bursar.embedded.EmbeddedSettings.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgreSqlTests {

    @TempDir
    Path home;

    private @Nullable Home service;
    private @Nullable EmbeddedPostgreSql server;

    static Postgres anyPort() {
        return new Postgres(0, null, null, Path.of("target", "postgresql"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Test
    void givesTheOwnerADatabaseAndTheServiceARoleThatOwnsNothing() throws SQLException {
        var running = start(anyPort());

        query(running, PostgreSqlRoles.OWNER, running.ownerPassword(), "create table t (id int); select 1");
        assertThatThrownBy(() ->
                        query(running, PostgreSqlRoles.RUNTIME, running.runtimePassword(), "create table u (id int)"))
                .hasMessageContaining("permission denied for schema public");
        assertThatThrownBy(() -> query(running, PostgreSqlRoles.RUNTIME, running.runtimePassword(), "table t"))
                .hasMessageContaining("permission denied for table t");
    }

    @Test
    void refusesAWrongPassword() {
        var running = start(anyPort());

        assertThatThrownBy(() -> query(running, PostgreSqlRoles.RUNTIME, running.ownerPassword(), "select 1"))
                .hasMessageContaining("password authentication failed");
        assertThatThrownBy(() -> query(running, PostgreSqlRoles.ADMINISTRATOR, "postgres", "select 1"))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void isDurableAndListensOnLoopbackOnly() throws SQLException {
        var running = start(anyPort());

        assertThat(List.of(
                        setting(running, "fsync"),
                        setting(running, "synchronous_commit"),
                        setting(running, "listen_addresses"),
                        setting(running, "server_encoding"),
                        setting(running, "lc_messages"),
                        setting(running, "data_checksums")))
                .containsExactly("on", "on", "127.0.0.1", "UTF8", "C", "on");
    }

    @Test
    void keepsDataPortAndPasswordsOverARestart() throws SQLException {
        var first = start(anyPort());
        query(first, PostgreSqlRoles.OWNER, first.ownerPassword(), "create table t (id int); select 1");
        var url = first.url();
        stop();

        var second = start(anyPort());

        assertThat(second.url()).isEqualTo(url);
        assertThat(query(second, PostgreSqlRoles.OWNER, first.ownerPassword(), "select count(*) from t"))
                .isEqualTo("0");
    }

    @Test
    void takesPasswordsFromTheConfiguration() throws SQLException {
        start(anyPort());
        stop();

        var running = start(new Postgres(0, "it's", "mine", Path.of("target", "postgresql")));

        assertThat(query(running, PostgreSqlRoles.OWNER, "it's", "select 1")).isEqualTo("1");
        assertThat(query(running, PostgreSqlRoles.RUNTIME, "mine", "select 1")).isEqualTo("1");
    }

    @Test
    void startsAgainWithAllDataAfterTheServiceWasKilled() throws Exception {
        var killed = ServerInAnotherProcess.start(home);
        awaitCommit(killed);
        var postmaster = new Postmaster(home.resolve("postgres/data"));
        killed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(postmaster.living()).as("the server outlives the service").isPresent();

        var begin = Instant.now();
        var running = start(anyPort());

        assertThat(query(running, PostgreSqlRoles.OWNER, running.ownerPassword(), "select name from survivor"))
                .isEqualTo("Ada");
        assertThat(begin).isAfter(Instant.now().minus(ofSeconds(10)));
    }

    @Test
    void startsAgainAfterServiceAndServerWereKilled() throws Exception {
        var killed = ServerInAnotherProcess.start(home);
        awaitCommit(killed);
        var postmaster = new Postmaster(home.resolve("postgres/data")).living().orElseThrow();
        killed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        postmaster.destroyForcibly();
        postmaster.onExit().get(10, TimeUnit.SECONDS);

        var running = start(anyPort());

        assertThat(query(running, PostgreSqlRoles.OWNER, running.ownerPassword(), "select name from survivor"))
                .isEqualTo("Ada");
    }

    @Test
    void startsAgainByItselfWithAllDataWhenItIsKilled() throws Exception {
        var running = start(anyPort());
        query(running, PostgreSqlRoles.OWNER, running.ownerPassword(), "create table t (id int); select 1");
        var postmaster = new Postmaster(home.resolve("postgres/data"));
        var killed = postmaster.living().orElseThrow();

        killed.destroyForcibly();

        await().atMost(ofSeconds(60))
                .until(() -> postmaster
                        .living()
                        .filter(again -> again.pid() != killed.pid())
                        .isPresent());
        await().atMost(ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(query(
                                running, PostgreSqlRoles.OWNER, running.ownerPassword(), "select count(*) from t"))
                        .isEqualTo("0"));
    }

    @Test
    void doesNotTakeAnotherProcessForItsServer() throws Exception {
        start(anyPort());
        stop();
        var file = home.resolve("postgres/data/postmaster.pid");
        Files.writeString(file, ProcessHandle.current().pid() + "\n" + home + "\n");

        var running = start(anyPort());

        assertThat(query(running, PostgreSqlRoles.OWNER, running.ownerPassword(), "select 1"))
                .isEqualTo("1");
    }

    @Test
    void saysWhichSettingMovesItFromATakenPort() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var settings = new Postgres(taken.getLocalPort(), null, null, Path.of("target", "postgresql"));

            assertThatThrownBy(() -> start(settings))
                    .isInstanceOf(PortTaken.class)
                    .hasMessageContaining("bursar.embedded.postgres.port");
        }
    }

    @Test
    void leavesNoProcessAndKeepsOthersOut() throws IOException {
        start(anyPort());
        var data = home.resolve("postgres/data");
        var postmaster = new Postmaster(data).living().orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");

        stop();

        assertThat(postmaster.isAlive()).isFalse();
        assertThat(data.resolve("postmaster.pid")).doesNotExist();
    }

    private EmbeddedPostgreSql start(Postgres settings) {
        var opened = Home.open(home);
        service = opened;
        var started = EmbeddedPostgreSql.start(opened, settings, () -> {});
        server = started;
        return started;
    }

    private static void awaitCommit(Process service) throws IOException {
        try (var lines = service.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("committed")) {
                    return;
                }
            }
        }
        throw new AssertionError("The service ended before it had committed");
    }

    private static String setting(EmbeddedPostgreSql server, String name) throws SQLException {
        return query(server, PostgreSqlRoles.RUNTIME, server.runtimePassword(), "show " + name);
    }

    private static String query(EmbeddedPostgreSql server, String role, String password, String sql)
            throws SQLException {
        try (var connection = DriverManager.getConnection(server.url(), role, password);
                var statement = connection.createStatement()) {
            statement.execute(sql);
            while (statement.getResultSet() == null) {
                statement.getMoreResults();
            }
            var rows = statement.getResultSet();
            rows.next();
            return rows.getString(1);
        }
    }
}
