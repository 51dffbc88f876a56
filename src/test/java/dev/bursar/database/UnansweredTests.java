package dev.bursar.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnansweredTests {

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08003", "08006", "53300", "57P01", "57P02", "57P03", "58030"})
    void knowsALostDatabaseByItsState(String state) {
        assertThat(Unanswered.isBehind(new IllegalStateException(new SQLException("lost", state))))
                .isTrue();
    }

    @Test
    void knowsAPoolWithoutAConnectionAndAConnectionThatThePoolHasClosed() {
        assertThat(Unanswered.isBehind(new SQLTransientConnectionException("timed out")))
                .isTrue();
        assertThat(Unanswered.isBehind(new SQLException("Connection is closed")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40P01", "42601", "22021", ""})
    void takesNothingElseForOne(String state) {
        assertThat(Unanswered.isBehind(new SQLException("refused", state))).isFalse();
        assertThat(Unanswered.isBehind(new IllegalStateException("Connection is closed")))
                .isFalse();
        assertThat(Unanswered.isBehind(null)).isFalse();
    }
}
