package dev.bursar.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Opens the connections of all pools, and can cut every one of them: whoever waits for an answer of a PostgreSQL that
 * gives none is told so at once, wherever it is. What was under way is as after a crash.
 */
final class Lines extends DriverManagerDataSource {

    private static final Logger log = LoggerFactory.getLogger(Lines.class);
    private static final Executor AT_ONCE = Runnable::run;

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    Lines(String url, @Nullable String username, @Nullable String password, DatabaseSettings settings) {
        setUrl(url);
        setUsername(username);
        setPassword(password);
        var seconds = Long.toString(Math.max(1, settings.silence().toSeconds()));
        var properties = new Properties();
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        setConnectionProperties(properties);
    }

    /** Pools want to set it; it is among the properties. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
        var line = super.getConnectionFromDriver(properties);
        open.removeIf(Lines::isClosed);
        open.add(line);
        return line;
    }

    void cut() {
        open.forEach(Lines::abort);
        open.clear();
    }

    private static void abort(Connection line) {
        try {
            line.abort(AT_ONCE);
        } catch (SQLException e) {
            log.debug("a connection was cut already", e);
        }
    }

    private static boolean isClosed(Connection line) {
        try {
            return line.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }
}
