package dev.bursar.job;

import dev.bursar.algorithm.CsvCheck;
import dev.bursar.algorithm.XGBoost;
import dev.bursar.core.LabId;
import dev.bursar.dataset.Datasets;
import dev.bursar.dataset.Location;
import dev.bursar.job.TrainingSpec.Channel;
import dev.bursar.web.Problem;
import dev.bursar.web.Problem.FieldError;
import dev.bursar.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds, before any money is held, what would make a training fail after minutes that have to be paid. */
@Component
class TrainingCheck {

    private static final int LOOKED_AT = 64 * 1024;
    private static final Set<String> CHANNELS = Set.of("train", "validation");
    private static final Set<String> CSV = Set.of("text/csv", "csv");

    private final Datasets datasets;

    TrainingCheck(Datasets datasets) {
        this.datasets = datasets;
    }

    void requireUsable(TrainingSpec spec, Map<String, Location> inputs, LabId lab) {
        var algorithm = spec.algorithm();
        if (algorithm.isBuiltIn()) {
            requireXGBoost(spec, inputs, lab);
        } else if (algorithm.script() != null) {
            requireScript(algorithm.script(), lab);
        } else if (algorithm.image() == null) {
            throw Problem.invalid("algorithm", "names one of builtIn, script (with framework or image) or image");
        }
    }

    private void requireXGBoost(TrainingSpec spec, Map<String, Location> inputs, LabId lab) {
        if (!"xgboost".equals(spec.algorithm().builtIn())) {
            throw Problem.invalid("algorithm.builtIn", "is xgboost; GET /api/v1/algorithms lists what there is");
        }
        if (spec.algorithm().script() != null || spec.algorithm().framework() != null) {
            throw Problem.invalid("algorithm", "a built-in algorithm has neither script nor framework");
        }
        var parameters = new TreeMap<>(Hyperparameters.plain(spec.hyperparametersOrNone()));
        var errors = XGBoost.problems(parameters).stream()
                .map(problem -> new FieldError("hyperparameters." + problem.name(), problem.message()))
                .toList();
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        if (!inputs.containsKey("train")) {
            throw Problem.invalid("inputs.train", "is missing; xgboost needs it");
        }
        inputs.forEach((name, location) -> {
            if (!CHANNELS.contains(name)) {
                throw Problem.invalid("inputs." + name, "xgboost has the channels train and validation");
            }
            requireCsvFits(name, spec.inputs().get(name), location, parameters, lab);
        });
    }

    private void requireCsvFits(
            String channel, @Nullable Channel asked, Location location, Map<String, String> parameters, LabId lab) {
        var contentType = asked == null || asked.contentType() == null
                ? ""
                : asked.contentType().replaceFirst(";.*", "").strip();
        if (!CSV.contains(contentType)) {
            return;
        }
        var objective = parameters.getOrDefault("objective", "reg:squarederror");
        var classes = parameters.get("num_class");
        CsvCheck.problem(
                        location.key().substring(location.key().lastIndexOf('/') + 1),
                        wholeLines(datasets.head(lab, location, LOOKED_AT)),
                        objective,
                        classes == null ? null : Integer.valueOf(classes))
                .ifPresent(problem -> {
                    throw new Problem(
                            ProblemType.UNUSABLE_DATA,
                            "inputs." + channel + ": " + problem
                                    + " The label is the first column, and there is no header line.",
                            List.of(new FieldError("inputs." + channel, problem)));
                });
    }

    private void requireScript(TrainingSpec.Script script, LabId lab) {
        if (!Scripts.isInside(Scripts.entryPoint(script))) {
            throw Problem.invalid("algorithm.script.entryPoint", "is a path in the archive, without . and ..");
        }
        var location = datasets.locate(lab, script.dataset(), script.path());
        if (location.prefix()) {
            throw Problem.invalid(
                    "algorithm.script.path", "is a folder; name a .py or .sh file, or an archive .tar.gz");
        }
        if (!Scripts.isArchive(script.path()) && location.bytes() > Scripts.MAX_FILE_BYTES) {
            throw Problem.invalid("algorithm.script.path", "is larger than 10 MB; data goes into a channel");
        }
        if (Scripts.isArchive(script.path())) {
            if (script.entryPoint() == null) {
                throw Problem.invalid(
                        "algorithm.script.entryPoint", "is missing; it says which file in the archive is run");
            }
            datasets.requireScriptArchive(lab, location, script.entryPoint());
        } else if (!Scripts.isScript(script.path())) {
            throw Problem.invalid("algorithm.script.path", "ends in .py, .sh or .tar.gz");
        }
    }

    /** The last line of what was read may be cut off in the middle. */
    private static List<String> wholeLines(byte[] head) {
        var lines = new String(head, StandardCharsets.UTF_8).lines().toList();
        return head.length < LOOKED_AT || lines.size() <= 1 ? lines : lines.subList(0, lines.size() - 1);
    }

    private static Problem invalid(List<FieldError> errors) {
        var sentence = String.join(
                "; ",
                errors.stream()
                        .map(error -> error.field() + ": " + error.message())
                        .toList());
        return new Problem(ProblemType.INVALID_REQUEST, sentence, errors);
    }
}
