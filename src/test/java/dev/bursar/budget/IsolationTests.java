package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Role;
import dev.bursar.testing.ServiceTest;
import dev.bursar.testing.TestLabs;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A lab's money is nobody else's business. */
@ServiceTest
class IsolationTests {

    private final BudgetReads reads;
    private final JdbcClient jdbc;
    private final Clock clock;

    IsolationTests(BudgetReads reads, JdbcClient jdbc, Clock clock) {
        this.reads = reads;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Test
    void findsABudgetForItsOwnLabAndForNoOther() {
        var labs = new TestLabs(jdbc, clock.instant());
        var own = labs.lab();
        var other = labs.lab();
        labs.budget(own, "20");
        var budget = reads.list(own.value(), null, 1).items().get(0).id();

        assertThat(reads.find(ownerOf(own), budget)).isPresent();
        assertThat(reads.find(ownerOf(other), budget)).isEmpty();
        assertThat(reads.list(other.value(), null, 10).items()).isEmpty();
        assertThat(reads.find(Caller.BURSAR, budget)).isPresent();
    }

    private static Caller ownerOf(LabId lab) {
        return new Caller(lab, new MemberId("ada"), Role.OWNER, false, null, null, null);
    }
}
