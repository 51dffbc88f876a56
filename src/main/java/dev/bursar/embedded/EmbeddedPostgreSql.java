package dev.bursar.embedded;

import dev.bursar.embedded.EmbeddedSettings.Postgres;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL beside the service, on loopback, with its data in the home folder. The server has a session of its own: a
 * Ctrl-C in the terminal reaches only the service, which stops it last. When the service is killed, the server lives
 * on until the next start, which ends it first; whatever the two were doing, committed is committed. When the server is
 * killed, it is started again.
 */
final class EmbeddedPostgreSql implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgreSql.class);
    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PrivateFolder folder;
    private final PostgreSqlCluster cluster;
    private final Passwords passwords;
    private final int port;
    private @Nullable Revival revival;

    private EmbeddedPostgreSql(Home home, Postgres settings) {
        this.folder = home.folder().folder("postgres");
        this.passwords = Passwords.of(home, settings);
        this.cluster = new PostgreSqlCluster(folder, programs(folder, settings));
        cluster.initialise(passwords.administrator());
        cluster.stopLeftover();
        this.port = settings.port() == 0 ? startSomewhere() : startAt(settings.port());
    }

    /**
     * Starts it, for as long as it is not closed.
     *
     * @param giveUp what is done when it has ended and cannot be started again
     */
    static EmbeddedPostgreSql start(Home home, Postgres settings, Runnable giveUp) {
        var server = new EmbeddedPostgreSql(home, settings);
        try {
            server.bringRolesAbout();
            server.watch(giveUp);
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    String url() {
        return url(PostgreSqlRoles.DATABASE);
    }

    String ownerPassword() {
        return passwords.owner();
    }

    String runtimePassword() {
        return passwords.runtime();
    }

    @Override
    public void close() {
        if (revival != null) {
            revival.close();
        }
        cluster.stop();
    }

    private void watch(Runnable giveUp) {
        revival = new Revival(cluster::process, () -> cluster.startAgain(port), giveUp, PAUSE);
    }

    private static PostgreSqlPrograms programs(PrivateFolder folder, Postgres settings) {
        var shared = settings.programs();
        var place = shared == null ? folder.path() : shared.toAbsolutePath();
        return new PostgreSqlPrograms(PostgreSqlArchive.forThisMachine().unpackInto(place));
    }

    private int startAt(int port) {
        if (!LoopbackPort.isFree(port)) {
            throw new PortTaken(port, "bursar.embedded.postgres.port");
        }
        cluster.start(port);
        return port;
    }

    private int startSomewhere() {
        var candidate = LoopbackPort.likeLastTime(folder, "port");
        for (var attempt = 1; ; attempt++) {
            try {
                cluster.start(candidate);
                folder.write("port", Integer.toString(candidate));
                return candidate;
            } catch (PostgreSqlRefused e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.info("PostgreSQL did not start on port {}; another one is tried", candidate);
                candidate = LoopbackPort.anyFree();
            }
        }
    }

    private void bringRolesAbout() {
        new PostgreSqlRoles(url("postgres"), passwords.administrator())
                .bringAbout(passwords.owner(), passwords.runtime());
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private record Passwords(String administrator, String owner, String runtime) {

        static Passwords of(Home home, Postgres settings) {
            return new Passwords(
                    home.secret("postgres-administrator-password", null),
                    home.secret("postgres-owner-password", settings.ownerPassword()),
                    home.secret("postgres-runtime-password", settings.runtimePassword()));
        }
    }
}
