package dev.bursar.budget;

import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A connection to the database that dies between two statements. */
final class Mortal extends JdbcTemplate {

    private static final int NEVER = Integer.MIN_VALUE;

    private int left = NEVER;

    Mortal(DataSource database) {
        super(database);
    }

    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Dies before the statement after so many; not at all, if there is none. */
    void dieAfter(int statements) {
        left = statements;
    }

    void live() {
        left = NEVER;
    }

    @Override
    protected void applyStatementSettings(Statement statement) throws SQLException {
        if (left == 0) {
            live();
            throw new Died();
        }
        left -= left == NEVER ? 0 : 1;
        super.applyStatementSettings(statement);
    }
}
