package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** What becomes of claims when their process ends. */
@LifecycleTest
class ClaimTests {

    private final Stories stories;
    private final Claims claims;
    private final Timing timing;
    private final Setbacks setbacks;

    ClaimTests(Stories stories, Claims claims, Timing timing, Setbacks setbacks) {
        this.stories = stories;
        this.claims = claims;
        this.timing = timing;
        this.setbacks = setbacks;
    }

    @Test
    void givesBackAtOnceWhatAProcessThatStopsHasNotComeTo() {
        stories.work();
        stories.work();
        var round = new Round(claims, timing, new Pace(), setbacks);
        var batch = queued();
        var worked = new ArrayList<Claim>();

        round.work(batch, claim -> {
            worked.add(claim);
            round.end();
        });

        assertThat(worked).hasSize(1);
        assertThat(queued())
                .extracting(Claim::id)
                .containsExactlyInAnyOrderElementsOf(
                        batch.stream().skip(1).map(Claim::id).toList());
    }

    @Test
    void givesNothingBackThatWasLostToAnother() {
        var work = stories.work();
        var lost = queued();
        work.after(Duration.ofMinutes(3));
        assertThat(queued()).extracting(Claim::id).contains(work.id());

        claims.release(lost, timing.now());

        assertThat(queued()).isEmpty();
    }

    @Test
    void goesOnAtOnceWithWhatADeadProcessHadClaimedInADatabaseOfItsOwn() {
        var work = stories.work(TestDriver.Answer.DIES_BEFORE);
        assertThatThrownBy(work::dispatched).isInstanceOf(TestDriver.Death.class);
        assertThat(work.looked().state()).isEqualTo(State.STARTING);

        new Restart(claims, timing, new MockEnvironment()).takeUp();
        work.looked().looked();

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.accepted()).isEqualTo(1);
    }

    @Test
    void leavesTheClaimsOfReplicasInADatabaseThatTheyShare() {
        var work = stories.work(TestDriver.Answer.DIES_BEFORE);
        assertThatThrownBy(work::dispatched).isInstanceOf(TestDriver.Death.class);
        var shared = new MockEnvironment().withProperty("spring.datasource.url", "jdbc:postgresql://db/bursar");

        new Restart(claims, timing, shared).takeUp();
        work.looked();

        assertThat(work.state()).isEqualTo(State.STARTING);
        assertThat(stories.sageMaker().accepted(stories.nameOf(work, 1))).isZero();
    }

    private List<Claim> queued() {
        return claims.queued(timing.now(), 1000, List.of(), List.of());
    }
}
