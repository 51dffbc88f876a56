package dev.bursar.catalogue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A CSV file that lies beside this class: a header, then rows without quotation marks. */
final class Table {

    private Table() {}

    static List<Row> read(String file) {
        var stream = Objects.requireNonNull(Table.class.getResourceAsStream(file), file);
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            var lines = reader.lines().toList();
            var header = lines.get(0).split(",", -1);
            return lines.stream()
                    .skip(1)
                    .map(line -> row(header, line.split(",", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String[] header, String[] cells) {
        if (header.length != cells.length) {
            throw new IllegalStateException("a row has " + header.length + " cells, not " + String.join(",", cells));
        }
        var row = new HashMap<String, String>();
        for (int at = 0; at < header.length; at++) {
            row.put(header[at], cells[at]);
        }
        return new Row(row);
    }

    /** Cells by the name of their column. */
    record Row(Map<String, String> cells) {

        String text(String column) {
            return Objects.requireNonNull(cells.get(column), column);
        }

        Optional<String> maybe(String column) {
            return Optional.of(text(column)).filter(cell -> !cell.isEmpty());
        }

        int whole(String column) {
            return maybe(column).map(Integer::parseInt).orElse(0);
        }
    }
}
