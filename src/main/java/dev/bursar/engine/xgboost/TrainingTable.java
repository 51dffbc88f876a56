// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.algorithm.CsvCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/** The rows of one channel, read from CSV or LIBSVM. Runs in the child JVM. */
final class TrainingTable {

    private final String objective;
    private final @Nullable Integer numClass;
    private final boolean weighted;
    private final Floats labels = new Floats();
    private final Floats weights = new Floats();
    private final Floats values = new Floats();
    private final Floats columns = new Floats();
    private final Floats rowEnds = new Floats();
    private final Floats groups = new Floats();
    private int width = -1;
    private String group = "";

    /** A list of floats without boxes. */
    private static final class Floats {
        private double[] content = new double[1024];
        private int size;

        void add(double value) {
            if (size == content.length) {
                content = Arrays.copyOf(content, size * 2);
            }
            content[size++] = value;
        }

        float[] toFloats() {
            var floats = new float[size];
            for (int index = 0; index < size; index++) {
                floats[index] = (float) content[index];
            }
            return floats;
        }

        int[] toInts() {
            return Arrays.stream(content, 0, size)
                    .mapToInt(value -> (int) value)
                    .toArray();
        }
    }

    /** The data cannot be used; the message tells the user why. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    TrainingTable(String objective, @Nullable Integer numClass, boolean weighted) {
        this.objective = objective;
        this.numClass = numClass;
        this.weighted = weighted;
    }

    DMatrix readCsv(List<Path> files) throws IOException, XGBoostError {
        for (var file : files) {
            try (var lines = Files.newBufferedReader(file)) {
                csv(lines, String.valueOf(file.getFileName()));
            }
        }
        var rows = requireRows();
        return finished(new DMatrix(values.toFloats(), rows, width, Float.NaN));
    }

    DMatrix readLibsvm(List<Path> files, int features) throws IOException, XGBoostError {
        for (var file : files) {
            try (var lines = Files.newBufferedReader(file)) {
                libsvm(lines, String.valueOf(file.getFileName()));
            }
        }
        requireRows();
        var ends = new long[rowEnds.size + 1];
        for (int row = 0; row < rowEnds.size; row++) {
            ends[row + 1] = (long) rowEnds.content[row];
        }
        width = Math.max(width, features);
        return finished(new DMatrix(ends, columns.toInts(), values.toFloats(), DMatrix.SparseType.CSR, width));
    }

    int width() {
        return width;
    }

    private void csv(BufferedReader lines, String file) throws IOException {
        var number = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (number == 1) {
                CsvCheck.problem(file, List.of(line), objective, numClass).ifPresent(TrainingTable::refuse);
            }
            if (!line.isBlank()) {
                csvRow(line, "line %d of file '%s'".formatted(number, file));
            }
        }
    }

    private void csvRow(String line, String where) {
        var cells = line.split(",", -1);
        var first = weighted ? 2 : 1;
        if (cells.length <= first) {
            throw new Unusable("There are no features in %s: a label%s and features separated by commas are expected."
                    .formatted(where, weighted ? ", a weight" : ""));
        }
        label(number(cells[0], where), where);
        if (weighted) {
            weights.add(number(cells[1], where));
        }
        if (width >= 0 && cells.length - first != width) {
            throw new Unusable("There are %d features in %s, but %d in the lines before."
                    .formatted(cells.length - first, where, width));
        }
        width = cells.length - first;
        for (int index = first; index < cells.length; index++) {
            values.add(number(cells[index], where));
        }
    }

    private void libsvm(BufferedReader lines, String file) throws IOException {
        var number = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            var row = line.replaceFirst("#.*", "").strip();
            if (!row.isEmpty()) {
                libsvmRow(row, "line %d of file '%s'".formatted(number, file));
            }
        }
        group = "";
    }

    /** {@code label[:weight] [qid:number] index:value …}. */
    private void libsvmRow(String row, String where) {
        var cells = row.split("\\s+", -1);
        var head = cells[0].split(":", 2);
        label(number(head[0], where), where);
        if (head.length == 2) {
            weights.add(number(head[1], where));
        }
        for (int index = 1; index < cells.length; index++) {
            var pair = cells[index].split(":", 2);
            if (pair.length != 2) {
                throw new Unusable("'%s' in %s is not 'index:value'. Please ensure the file is in 'LIBSVM' format."
                        .formatted(cells[index], where));
            }
            if (pair[0].equals("qid")) {
                group(pair[1]);
            } else {
                var column = number(pair[0], where);
                columns.add(column);
                values.add(number(pair[1], where));
                width = Math.max(width, (int) column + 1);
            }
        }
        rowEnds.add(values.size);
    }

    private void group(String name) {
        if (name.equals(group)) {
            groups.content[groups.size - 1]++;
        } else {
            groups.add(1);
            group = name;
        }
    }

    private void label(double label, String where) {
        CsvCheck.labelProblem(label, where, objective, numClass).ifPresent(TrainingTable::refuse);
        labels.add(label);
    }

    private int requireRows() {
        if (labels.size == 0) {
            throw new Unusable("There is no row of data in the channel.");
        }
        return labels.size;
    }

    private DMatrix finished(DMatrix matrix) throws XGBoostError {
        matrix.setLabel(labels.toFloats());
        if (weights.size > 0) {
            if (weights.size != labels.size) {
                throw new Unusable("Some rows have a weight and some have none.");
            }
            matrix.setWeight(weights.toFloats());
        }
        if (groups.size > 0) {
            matrix.setGroup(groups.toInts());
        }
        return matrix;
    }

    private static double number(String cell, String where) {
        try {
            return cell.isBlank() ? Double.NaN : Double.parseDouble(cell.strip());
        } catch (NumberFormatException e) {
            throw new Unusable("'%s' in %s is not a number.".formatted(cell, where));
        }
    }

    private static void refuse(String problem) {
        throw new Unusable(problem);
    }
}
