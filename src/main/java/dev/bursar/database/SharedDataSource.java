package dev.bursar.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * One database in {@link Share shares}: which pool a connection comes from is decided by the thread that asks, so that
 * JPA, JdbcClient and transactions need not know. While PostgreSQL is silent there are none.
 */
final class SharedDataSource extends AbstractDataSource implements AutoCloseable {

    private final Map<Share, HikariDataSource> pools = new EnumMap<>(Share.class);
    private final Pulse pulse;

    SharedDataSource(Pulse pulse, Function<Share, HikariDataSource> pool) {
        this.pulse = pulse;
        for (var share : Share.values()) {
            pools.put(share, pool.apply(share));
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (pulse.isSilent()) {
            throw Unanswered.now(pulse);
        }
        return pool(Share.ofThisThread()).getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLException("Everybody works with the service's own role.");
    }

    /** Whoever wants to know the address behind, such as Flyway, asks a pool. */
    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool(Share.REQUESTS).unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool(Share.REQUESTS).isWrapperFor(type);
    }

    @Override
    public void close() {
        pools.values().forEach(HikariDataSource::close);
    }

    private HikariDataSource pool(Share share) {
        var pool = pools.get(share);
        if (pool == null) {
            throw new IllegalStateException("no connections for " + share);
        }
        return pool;
    }
}
