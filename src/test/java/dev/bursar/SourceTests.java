package dev.bursar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What only the text of the sources tells. */
class SourceTests {

    private static final Path SOURCES = Path.of("src/main/java/dev/bursar");
    private static final Pattern MONEY_TABLE =
            Pattern.compile("(from|join|into|update|table|truncate)\\s+(budget_window|ledger_entry|hold|budget)\\b");
    private static final Pattern MONEY_MOVES =
            Pattern.compile("(into|update|delete from)\\s+(budget_window|ledger_entry|hold)\\b");
    private static final Pattern KIND =
            Pattern.compile("(?<!example = |\"kind\": )\"(training|processing|tuning|endpoint|transform)\"");

    @Test
    void onlyTheBudgetModuleNamesTheTablesOfMoney() {
        assertThat(sourcesWith(MONEY_TABLE)).isNotEmpty().allMatch(path -> path.startsWith("budget/"));
    }

    @Test
    void onlyFiveClassesWriteTheTablesOfMoney() {
        assertThat(sourcesWith(MONEY_MOVES))
                .containsExactlyInAnyOrder(
                        "budget/Amounts.java",
                        "budget/MoneyTables.java",
                        "budget/Months.java",
                        "budget/Purse.java",
                        "budget/Stretches.java");
    }

    @Test
    void lifecycleMoneyAndEventsCompareNoNameOfAKind() {
        assertThat(sourcesWith(KIND))
                .noneMatch(path ->
                        path.startsWith("workload/") || path.startsWith("budget/") || path.startsWith("event/"));
    }

    /** But the budgets of calls: AWS meters those in real time, and replicas share them. */
    @Test
    void noStatementAsksTheDatabaseForTheTime() {
        assertThat(sourcesWith(Pattern.compile(
                        "\\bnow\\(\\)[ ,)]*(where|from|-|\\+|returning|as )|current_timestamp|clock_timestamp")))
                .containsExactly("aws/CallBudgets.java");
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        try (var paths = Files.walk(SOURCES)) {
            var packages = paths.filter(Files::isDirectory).toList();
            assertThat(packages)
                    .isNotEmpty()
                    .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                            .content()
                            .contains("@NullMarked"));
        }
    }

    @Test
    void noTestSleeps() {
        assertThat(filesWith(Path.of("src/test/java/dev/bursar/workload"), Pattern.compile("Thread\\.sleep")))
                .isEmpty();
    }

    private static List<String> sourcesWith(Pattern pattern) {
        return filesWith(SOURCES, pattern);
    }

    private static List<String> filesWith(Path folder, Pattern pattern) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> pattern.matcher(read(path)).find())
                    .map(path -> folder.relativize(path).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
