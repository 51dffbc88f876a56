// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** The rows of a request for predictions: features only. Runs in the child JVM. */
final class FeatureRows {

    private static final int SNIFFED = 512;
    private static final int MOST_FEATURES = 1 << 24;

    /** The body is not what its content type says. */
    static final class Undecodable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undecodable(String message) {
            super(message);
        }
    }

    private FeatureRows() {}

    /** An empty field is a missing value. */
    static DMatrix csv(String body) throws XGBoostError {
        var delimiter = delimiter(body.substring(0, Math.min(SNIFFED, body.length())));
        var lines = lines(body);
        var width = cells(lines.get(0), delimiter).length;
        var values = new float[lines.size() * width];
        for (int row = 0; row < lines.size(); row++) {
            var cells = cells(lines.get(row), delimiter);
            if (cells.length != width) {
                throw new Undecodable(
                        "Line %d has %d fields, the first one %d".formatted(row + 1, cells.length, width));
            }
            for (int column = 0; column < width; column++) {
                values[row * width + column] = cells[column].isBlank() ? Float.NaN : number(cells[column]);
            }
        }
        return new DMatrix(values, lines.size(), width, Float.NaN);
    }

    /** {@code [label] index:value …}; a label is read over. */
    static DMatrix libsvm(String body, int features) throws XGBoostError {
        var lines = lines(body);
        var ends = new long[lines.size() + 1];
        var columns = new ArrayList<Integer>();
        var values = new ArrayList<Float>();
        for (int row = 0; row < lines.size(); row++) {
            for (var cell : lines.get(row).strip().split("\\s+", -1)) {
                var pair = cell.split(":", 2);
                if (pair.length == 2) {
                    columns.add(index(pair[0]));
                    values.add(number(pair[1]));
                } else {
                    number(cell);
                }
            }
            ends[row + 1] = values.size();
        }
        var data = new float[values.size()];
        for (int index = 0; index < data.length; index++) {
            data[index] = values.get(index);
        }
        var indices = columns.stream().mapToInt(Integer::intValue).toArray();
        var width = Math.max(features, Arrays.stream(indices).max().orElse(-1) + 1);
        return new DMatrix(ends, indices, data, DMatrix.SparseType.CSR, width);
    }

    private static List<String> lines(String body) {
        var lines = body.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new Undecodable("there is no row");
        }
        return lines;
    }

    private static String[] cells(String line, char delimiter) {
        return delimiter == ' '
                ? line.strip().split("\\s+", -1)
                : line.split(String.valueOf(delimiter).replace("|", "\\|"), -1);
    }

    /** The delimiter seen most often; a comma if there is none. */
    private static char delimiter(String head) {
        var best = ',';
        var most = 0L;
        for (var candidate : new char[] {',', ';', '\t', '|', ' '}) {
            var count =
                    head.strip().chars().filter(letter -> letter == candidate).count();
            if (count > most) {
                best = candidate;
                most = count;
            }
        }
        return best;
    }

    private static int index(String cell) {
        try {
            var index = Integer.parseInt(cell);
            if (index >= 0 && index < MOST_FEATURES) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw new Undecodable("could not convert string to an index: '%s'".formatted(cell));
        }
        throw new Undecodable("the index %s is not from 0 to %d".formatted(cell, MOST_FEATURES - 1));
    }

    private static float number(String cell) {
        try {
            return Float.parseFloat(cell.strip());
        } catch (NumberFormatException e) {
            throw new Undecodable("could not convert string to float: '%s'".formatted(cell.strip()));
        }
    }
}
