// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.algorithm.XGBoost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a job's variables can make others do: a loader writes where {@code LD_DEBUG_OUTPUT} says, a shell runs what it
 * finds on {@code PATH}, a JVM tells what it has picked up. Whoever obeys one of them outside of the walls would as well
 * load a member's library there, with the rights of the engine.
 */
class HostileVariablesTests {

    private static final List<String> ON_THE_WAY =
            List.of("sh", "chown", "mount", "chroot", "setpriv", "head", "mv", "cat", "env", "setsid", "unshare");

    @TempDir
    static Path house;

    private static Lab lab;
    private static Lab open;
    private static Map<String, String> variables = Map.of();

    @BeforeAll
    static void setTraps() throws IOException {
        lab = Lab.with(house.resolve("engine"), settings -> settings.withConfinement(Confinement.automatic()));
        open = Lab.with(house.resolve("open"), settings -> settings.withConfinement(Confinement.off()));
        var traps = Files.createDirectories(house.resolve("traps"));
        for (var name : ON_THE_WAY) {
            var trap =
                    Files.writeString(traps.resolve(name), "#!/bin/sh\necho " + name + " >> " + house + "/trapped\n");
            assertThat(trap.toFile().setExecutable(true, false)).isTrue();
        }
        Files.createDirectories(house.resolve("loader"));
        variables = Map.of(
                "LD_DEBUG", "libs",
                "LD_DEBUG_OUTPUT", house.resolve("loader/said").toString(),
                "PATH", traps + ":/usr/bin:/bin",
                "ENV", house.resolve("trapped").toString(),
                "JAVA_TOOL_OPTIONS", "-Dmember=here",
                "JDK_JAVA_OPTIONS", "-Dmember=here",
                "MINE", "yes");
    }

    @AfterAll
    static void leave() {
        lab.close();
        open.close();
    }

    @Test
    void reachAScriptAndNothingOnTheWayToIt() throws IOException {
        lab.script(
                "script",
                "train.py",
                "import os; print('MINE', os.environ['MINE'], os.environ['PATH'])",
                request -> request.environment(variables));
        var job = lab.ended("script");

        assertThat(job.trainingJobStatusAsString()).as(job.failureReason()).isEqualTo("Completed");
        assertThat(lab.log("script"))
                .contains("MINE yes", house.resolve("traps").toString());
        if (lab.engine.unconfined().isEmpty()) {
            assertThatNobodyObeyed();
        } else {
            assertThat(lab.engine.unconfined()).as("why not").isPresent();
        }
    }

    @Test
    void reachTheBuiltInAlgorithmOnlyWhereTheyAreItsOwn() throws IOException {
        for (var where : List.of(lab, open)) {
            where.put("train/data.csv", Lab.csv(40, 3, 7));
            var name = where == open ? "built-in-open" : "built-in";
            where.create(
                    name,
                    request -> request.environment(variables)
                            .algorithmSpecification(algorithm -> algorithm
                                    .trainingImage(XGBoost.imageUri("us-east-1", "1.7-1")
                                            .orElseThrow())
                                    .trainingInputMode("File"))
                            .inputDataConfig(Lab.channel("train", "train/"))
                            .hyperParameters(Map.of("num_round", "2", "objective", "reg:squarederror")));
            var job = where.ended(name);

            assertThat(job.trainingJobStatusAsString()).as(job.failureReason()).isEqualTo("Completed");
            assertThat(where.log(name)).doesNotContain("Picked up", "-Dmember");
        }
        assertThatNobodyObeyed();
    }

    private static void assertThatNobodyObeyed() throws IOException {
        try (var said = Files.list(house.resolve("loader"))) {
            assertThat(said).as("what loaders wrote").isEmpty();
        }
        assertThat(house.resolve("trapped")).as("who ran a job's program").doesNotExist();
    }
}
