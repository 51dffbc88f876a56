package dev.bursar.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What it looks like, through all layers, when PostgreSQL is lost or has no connection left. */
public final class Unanswered {

    /** Connection lost, too many of them, shut down or starting, and failures of its machine. */
    private static final Set<String> CLASSES = Set.of("08", "53", "57", "58");

    /** What the pool says, without a state, to whoever goes on with a connection that was lost. */
    private static final String LOST = "Connection is closed";

    private Unanswered() {}

    public static boolean isBehind(@Nullable Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException
                    || (cause instanceof SQLException refusal && isOfConnection(refusal))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfConnection(SQLException refusal) {
        var state = refusal.getSQLState();
        return state == null
                ? LOST.equals(refusal.getMessage())
                : state.length() == 5 && CLASSES.contains(state.substring(0, 2));
    }

    static SQLException now(Pulse pulse) {
        return new SQLTransientConnectionException(
                "PostgreSQL has not answered for " + pulse.silence().toSeconds() + " s", "08006");
    }
}
