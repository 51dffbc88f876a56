package dev.bursar.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A service that starts PostgreSQL, commits one row, says so and then waits to be killed. */
final class ServerInAnotherProcess {

    private ServerInAnotherProcess() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        var server =
                EmbeddedPostgreSql.start(Home.open(Path.of(arguments[0])), EmbeddedPostgreSqlTests.anyPort(), () -> {});
        try (var owner = DriverManager.getConnection(server.url(), PostgreSqlRoles.OWNER, server.ownerPassword())) {
            owner.createStatement().execute("create table survivor (name text)");
            owner.createStatement().execute("insert into survivor values ('Ada')");
            System.out.println("committed");
            System.in.read();
        }
    }

    static Process start(Path home) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerInAnotherProcess.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .start();
    }
}
