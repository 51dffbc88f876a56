package dev.bursar.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** {@code docs/access.md}: who may do what. */
final class AccessTable {

    static final List<String> COLUMNS =
            List.of("viewer", "member", "owner", "admin", "budgetsWrite", "foreign owner", "no key");
    private static final Path FILE = Path.of("docs", "access.md");
    private static final String ROW = "| `";

    private AccessTable() {}

    /**
     * A row: an operation, what of several things it is about, and what becomes of each column's request.
     *
     * @param operation such as {@code GET /api/v1/labs}
     * @param what empty where there is only one thing
     */
    record Row(String operation, String what, List<String> cells) {

        @Override
        public String toString() {
            return what.isEmpty() ? operation : operation + ", " + what;
        }
    }

    static List<Row> rows() {
        try (var lines = Files.lines(FILE)) {
            return lines.filter(line -> line.startsWith(ROW))
                    .map(AccessTable::row)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        var cells = Arrays.stream(line.substring(1).split("\\|", -1))
                .map(String::strip)
                .toList();
        return new Row(cells.get(0).replace("`", ""), cells.get(1), cells.subList(2, 2 + COLUMNS.size()));
    }
}
