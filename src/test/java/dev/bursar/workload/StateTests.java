package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole matrix of INVARIANTS.md, "the transitions are those of the rules": a row for each state, x where the column's state may follow. */
class StateTests {

    private static final String[] COLUMNS = {
        "PENDING_APPROVAL",
        "REJECTED",
        "QUEUED",
        "STARTING",
        "IN_PROGRESS",
        "STOPPING",
        "HIBERNATED",
        "COMPLETED",
        "FAILED",
        "STOPPED"
    };

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PENDING_APPROVAL | =xx......x
            REJECTED         | .=........
            QUEUED           | ..=x....xx
            STARTING         | ..x=xx.xxx
            IN_PROGRESS      | ..x.=x.xxx
            STOPPING         | .....=xxxx
            HIBERNATED       | ..x...=..x
            COMPLETED        | .......=..
            FAILED           | ........=.
            STOPPED          | .........=
            """)
    void mayBecomeWhatTheRulesSayAndNothingElse(State from, String row) {
        for (int at = 0; at < COLUMNS.length; at++) {
            assertThat(from.mayBecome(State.valueOf(COLUMNS[at])))
                    .as("%s -> %s", from, COLUMNS[at])
                    .isEqualTo(row.charAt(at) != '.');
        }
    }

    @ParameterizedTest
    @CsvSource({"REJECTED", "COMPLETED", "FAILED", "STOPPED"})
    void isOverInFourStates(State state) {
        assertThat(Set.of(State.REJECTED, State.COMPLETED, State.FAILED, State.STOPPED))
                .contains(state)
                .allMatch(State::isOver);
        assertThat(java.util.Arrays.stream(State.values()).filter(State::isOver))
                .hasSize(4);
        assertThat(state.successors()).isEmpty();
    }
}
