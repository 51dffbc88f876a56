package dev.bursar.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.testing.ServiceTest;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rule N1: the database and the configuration both say who this installation is. */
@ServiceTest
class InstallationTests {

    private final JdbcClient jdbc;
    private final Installation here;

    InstallationTests(JdbcClient jdbc, Installation here) {
        this.jdbc = jdbc;
        this.here = here;
    }

    @Test
    void doesNotStartOnAwsWithoutBeingToldWhoItIs() {
        assertThatThrownBy(() -> started(AwsSettings.Mode.AWS, null))
                .isInstanceOf(UnknownInstallation.class)
                .hasMessageContaining("bursar.aws.installation")
                .hasMessageContaining("belongs to installation " + here.id());
    }

    @Test
    void goesOnWithItsOwnDatabaseAndTouchesNothingInACopy() {
        assertThat(started(AwsSettings.Mode.AWS, here.id()).isCopy()).isFalse();
        assertThat(started(AwsSettings.Mode.AWS, "copied").isCopy()).isTrue();
    }

    @Test
    void drawsAnIdOfItsOwnOnTheEngine() {
        assertThat(started(AwsSettings.Mode.LOCAL, null).id()).isEqualTo(here.id());
    }

    @Test
    void refusesAnIdThatCannotStartAName() {
        assertThatThrownBy(() -> started(AwsSettings.Mode.AWS, "Chem-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("six lower-case letters or digits");
    }

    private Installation started(AwsSettings.Mode mode, @Nullable String configured) {
        return new Installation(
                jdbc, new AwsSettings(mode, configured, "us-east-1", null, null, null, null, ""), Clock.systemUTC());
    }
}
