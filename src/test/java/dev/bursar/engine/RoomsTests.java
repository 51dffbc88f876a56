// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the rooms of the engine are beside their arrows, which each declares itself. */
class RoomsTests {

    private static final Path ENGINE = Path.of("src/main/java/dev/bursar/engine");
    private static final int LARGEST = 20;
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.bursar.engine");

    @Test
    void theMachineKnowsNoAws() {
        noClasses()
                .that()
                .resideInAPackage("dev.bursar.engine.machine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..")
                .check(CLASSES);
    }

    @Test
    void theWireKnowsNoOtherRoom() {
        noClasses()
                .that()
                .resideInAPackage("dev.bursar.engine.wire..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are of another room",
                        type -> type.getPackageName().startsWith("dev.bursar.engine")
                                && !type.getPackageName().equals("dev.bursar.engine.wire")))
                .check(CLASSES);
    }

    @Test
    void noRoomIsAHall() {
        assertThat(rooms())
                .hasSizeGreaterThan(10)
                .allSatisfy(room -> assertThat(sources(room))
                        .as("files of the room %s", room.getFileName())
                        .hasSizeLessThanOrEqualTo(LARGEST));
    }

    private static List<Path> rooms() {
        try (Stream<Path> paths = Files.walk(ENGINE)) {
            return paths.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources(Path room) {
        try (Stream<Path> files = Files.list(room)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
