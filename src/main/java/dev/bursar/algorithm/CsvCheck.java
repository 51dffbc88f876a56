package dev.bursar.algorithm;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at the first lines of a CSV file as the built-in XGBoost would: no header, label in the first column. */
public final class CsvCheck {

    private static final int SHOWN = 50;

    private CsvCheck() {}

    /**
     * What would make training fail on this file.
     *
     * @param file the name shown in the message
     * @param objective XGBoost's objective, such as {@code binary:logistic}
     * @param numClass the number of classes of a {@code multi:} objective
     */
    public static Optional<String> problem(
            String file, List<String> firstLines, String objective, @Nullable Integer numClass) {
        if (firstLines.isEmpty() || firstLines.get(0).isBlank()) {
            return Optional.of("The first line of file '%s' is empty.".formatted(file));
        }
        if (!isNumbers(firstLines.get(0))) {
            return Optional.of(notCsv(file, firstLines.get(0)));
        }
        for (int line = 0; line < firstLines.size(); line++) {
            var where = "line %d of file '%s'".formatted(line + 1, file);
            var problem = lineProblem(firstLines.get(line), where, objective, numClass);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    /** What would make training fail on this label. */
    public static Optional<String> labelProblem(
            double label, String where, String objective, @Nullable Integer numClass) {
        if (!Double.isFinite(label)) {
            return Optional.of("The label in %s is missing or not a number.".formatted(where));
        }
        if (List.of("binary:logistic", "binary:hinge", "binary:logitraw", "reg:logistic")
                .contains(objective)) {
            return wrongUnless(label >= 0 && label <= 1, label, where, objective, "in [0, 1]");
        }
        if (objective.startsWith("multi:")) {
            var classes = numClass == null ? Integer.MAX_VALUE : numClass;
            return wrongUnless(
                    label >= 0 && label < classes && label == Math.rint(label),
                    label,
                    where,
                    objective,
                    "an integer in [0, %s)".formatted(numClass == null ? "num_class" : numClass));
        }
        return switch (objective) {
            case "count:poisson", "reg:tweedie" -> wrongUnless(label >= 0, label, where, objective, "not negative");
            case "reg:gamma" -> wrongUnless(label > 0, label, where, objective, "positive");
            case "reg:squaredlogerror" -> wrongUnless(label > -1, label, where, objective, "greater than -1");
            default -> Optional.empty();
        };
    }

    private static Optional<String> lineProblem(
            String line, String where, String objective, @Nullable Integer numClass) {
        if (line.isBlank()) {
            return Optional.empty();
        }
        if (!isNumbers(line)) {
            return Optional.of("Found something that is not a number in %s: '%s'".formatted(where, shortened(line)));
        }
        return labelProblem(number(line.split(",", -1)[0]), where, objective, numClass);
    }

    private static Optional<String> wrongUnless(
            boolean right, double label, String where, String objective, String expected) {
        return right
                ? Optional.empty()
                : Optional.of("The label %s in %s does not fit objective %s: it must be %s."
                        .formatted(plain(label), where, objective, expected));
    }

    /** The container's words for a first line that cannot be data, which most often is a header. */
    public static String notCsv(String file, String firstLine) {
        return "First line '%s' of file '%s' is not 'CSV' format. Please ensure the file is in 'CSV' format."
                .formatted(shortened(firstLine), file);
    }

    private static boolean isNumbers(String line) {
        for (var cell : line.split(",", -1)) {
            if (!cell.isBlank() && Double.isNaN(number(cell)) && !cell.strip().equalsIgnoreCase("nan")) {
                return false;
            }
        }
        return true;
    }

    private static double number(String cell) {
        try {
            return cell.isBlank() ? Double.NaN : Double.parseDouble(cell.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String plain(double label) {
        return label == Math.rint(label) && Math.abs(label) < 1e15
                ? String.valueOf((long) label)
                : String.valueOf(label);
    }

    private static String shortened(String line) {
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
