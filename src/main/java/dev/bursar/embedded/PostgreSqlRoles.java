package dev.bursar.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The database and its two roles: the owner, who migrates, and the one that the service works with and that owns
 * nothing. Brought about at every start, so that neither a crash in the first one nor a changed password matters.
 */
record PostgreSqlRoles(String administrationUrl, String administratorPassword) {

    static final String ADMINISTRATOR = "postgres";
    static final String DATABASE = "bursar";
    static final String OWNER = "bursar_owner";
    static final String RUNTIME = "bursar";

    void bringAbout(String ownerPassword, String runtimePassword) {
        try (var connection = connect()) {
            role(connection, OWNER, ownerPassword);
            role(connection, RUNTIME, runtimePassword);
            database(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot prepare the embedded database: " + e.getMessage(), e);
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", ADMINISTRATOR);
        properties.setProperty("password", administratorPassword);
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(administrationUrl, properties);
    }

    private static void role(Connection connection, String role, String password) throws SQLException {
        if (!exists(connection, "select 1 from pg_roles where rolname = ?", role)) {
            run(connection, "create role " + role + " login");
        }
        run(connection, "alter role " + role + " password '" + password.replace("'", "''") + "'");
    }

    private static void database(Connection connection) throws SQLException {
        if (!exists(connection, "select 1 from pg_database where datname = ?", DATABASE)) {
            run(connection, "create database " + DATABASE + " owner " + OWNER);
        }
        run(connection, "revoke all on database " + DATABASE + " from public");
        run(connection, "grant connect on database " + DATABASE + " to " + RUNTIME);
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
