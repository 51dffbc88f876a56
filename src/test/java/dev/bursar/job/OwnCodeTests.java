package dev.bursar.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.job.JobSettings.UnconfinedScripts;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnCodeTests {

    private static final Optional<String> LACKING = Optional.of("It is switched off.");

    @Test
    void refusesScriptsThatNothingConfinesOnceThereIsASecondLabAndNamesTheSetting() {
        assertThat(OwnCode.onTheEngine(true, UnconfinedScripts.REFUSE, () -> LACKING))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("bursar.job.unconfined-scripts=allow", "docs/access.md", "It is switched off."));
    }

    @Test
    void runsScriptsThatAreConfinedForAnyNumberOfLabs() {
        assertThat(OwnCode.onTheEngine(true, UnconfinedScripts.REFUSE, Optional::empty))
                .isEmpty();
    }

    @Test
    void runsTheScriptsOfAnOnlyLabEverywhere() {
        assertThat(OwnCode.onTheEngine(false, UnconfinedScripts.REFUSE, () -> LACKING))
                .isEmpty();
    }

    @Test
    void runsThemWhereTheOperatorTakesTheRisk() {
        assertThat(OwnCode.onTheEngine(true, UnconfinedScripts.ALLOW, () -> LACKING))
                .isEmpty();
    }

    @Test
    void runsThemOnAwsWithARoleOfTheLabsOwnOnly() {
        assertThat(OwnCode.onAws(true)).isEmpty();
        assertThat(OwnCode.onAws(false)).isPresent();
    }
}
