package dev.bursar.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.testing.ServiceTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
class EngineOfRecordTests {

    private final JdbcClient jdbc;
    private final EngineOfRecord engines;
    private final Path home;

    EngineOfRecordTests(JdbcClient jdbc, Environment environment) {
        this.jdbc = jdbc;
        this.engines = new EngineOfRecord(jdbc, Clock.systemUTC());
        this.home = Path.of(environment.getRequiredProperty("bursar.home"));
    }

    @Test
    void theDatabaseRemembersTheEngineOfItsService() throws Exception {
        var own = Files.readString(home.resolve("engine/id")).strip();

        assertThat(remembered()).containsExactly(own);
        assertThatCode(() -> engines.require(own, false)).doesNotThrowAnyException();
    }

    @Test
    void refusesASecondEngineWithTheSettingThatJoinsThem() {
        var before = remembered();

        assertThatThrownBy(() -> engines.require("another", false))
                .isInstanceOf(AnotherEngine.class)
                .hasMessageContaining("bursar.engine.url")
                .hasMessageContaining("bursar.engine.replaces-another=true");
        assertThat(new EmbeddedFailures().analyze(new IllegalStateException(new AnotherEngine())))
                .isNotNull();
        assertThat(remembered()).isEqualTo(before);
    }

    @Test
    void takesThePlaceOfAnEngineThatIsGone() {
        var own = remembered().get(0);
        try {
            engines.require("heir", true);

            assertThat(remembered()).containsExactly("heir");
            assertThatThrownBy(() -> engines.require(own, false)).isInstanceOf(AnotherEngine.class);
        } finally {
            engines.require(own, true);
        }
    }

    private List<String> remembered() {
        return jdbc.sql("select id from local_engine").query(String.class).list();
    }
}
