// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/** The program of the child JVM: the built-in XGBoost, on the folder it is given in place of {@code /opt/ml}. */
final class XGBoostTraining {

    /** What the container itself evaluates and the library does not know. */
    private static final Set<String> OURS = Set.of(
            "num_round",
            "eval_metric",
            "early_stopping_rounds",
            "csv_weights",
            "save_model_on_termination",
            "_tuning_objective_metric",
            "sketch_eps",
            "dsplit",
            "predictor",
            "deterministic_histogram",
            "prob_buffer_row",
            "use_dask_gpu_training",
            "lambda_bias");

    private final Path opt;
    private final TreeMap<String, String> hyperparameters = new TreeMap<>();
    private final Properties channels = new Properties();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    XGBoostTraining(Path opt) throws IOException {
        this.opt = opt;
        load(opt.resolve("input/config/channels.properties"), channels);
        var properties = new Properties();
        load(opt.resolve("input/config/hyperparameters.properties"), properties);
        properties.stringPropertyNames().forEach(name -> hyperparameters.put(name, properties.getProperty(name)));
    }

    public static void main(String[] args) throws IOException {
        if (train(Path.of(args[0]), args[1]) != 0) {
            System.exit(1);
        }
    }

    /** Trains and says how it went: 0, or 1 with the reason in the output folder. */
    static int train(Path opt, String memoryMb) throws IOException {
        try {
            new XGBoostTraining(opt).run();
            return 0;
        } catch (TrainingTable.Unusable e) {
            return fail(opt, e.getMessage());
        } catch (XGBoostError e) {
            return fail(opt, "XGBoost says: " + essence(e));
        } catch (OutOfMemoryError e) {
            return fail(
                    opt, "The training ran out of memory: a child of the engine may take %s MB.".formatted(memoryMb));
        } catch (LinkageError e) {
            return fail(opt, unloadable(e));
        } catch (CharacterCodingException e) {
            return fail(opt, "The data is not UTF-8.");
        } catch (IOException | RuntimeException e) {
            return fail(opt, "The engine's XGBoost cannot go on with these data and hyperparameters.");
        }
    }

    private void run() throws IOException, XGBoostError {
        if (Boolean.parseBoolean(hyperparameters.get("save_model_on_termination"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::finishRound));
        }
        var watches = watches();
        var train = watches.values().iterator().next();
        var booster = booster(train, watches);
        System.out.printf("Train matrix has %d rows%n", train.rowNum());
        try {
            save(train(booster, watches));
        } finally {
            ended.countDown();
            booster.dispose();
            watches.values().forEach(DMatrix::dispose);
        }
    }

    /** Keeps the JVM from ending before the model of the rounds so far is saved. */
    private void finishRound() {
        stopping = true;
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, DMatrix> watches() throws IOException, XGBoostError {
        var watches = new LinkedHashMap<String, DMatrix>();
        var width = 0;
        for (var channel : List.of("train", "validation")) {
            if (channels.containsKey(channel)) {
                var table = new TrainingTable(
                        hyperparameters.getOrDefault("objective", "reg:squarederror"),
                        hyperparameters.containsKey("num_class")
                                ? Integer.valueOf(hyperparameters.get("num_class"))
                                : null,
                        "1".equals(hyperparameters.get("csv_weights")));
                var files = files(channel);
                watches.put(
                        channel,
                        channels.getProperty(channel).equals("csv")
                                ? table.readCsv(files)
                                : table.readLibsvm(files, width));
                if (width > 0 && table.width() != width) {
                    throw new TrainingTable.Unusable("The validation channel has %d features, the train channel %d."
                            .formatted(table.width(), width));
                }
                width = table.width();
            }
        }
        return watches;
    }

    private List<Path> files(String channel) throws IOException {
        var folder = opt.resolve("input/data").resolve(channel);
        try (var paths = Files.walk(folder, 3)) {
            var files = paths.filter(Files::isRegularFile).sorted().toList();
            for (var file : files) {
                if (String.valueOf(file.getFileName()).startsWith(".")) {
                    throw new TrainingTable.Unusable(
                            "Hidden file found in the data path! Remove that before training. (%s)"
                                    .formatted(folder.relativize(file)));
                }
            }
            return files;
        }
    }

    private Booster booster(DMatrix train, Map<String, DMatrix> watches) throws XGBoostError {
        var parameters = new HashMap<String, Object>();
        hyperparameters.forEach((name, value) -> {
            if (!OURS.contains(name)) {
                parameters.put(name, value);
            }
        });
        var booster = XGBoost.train(train, parameters, 0, watches, null, null);
        for (var metric : metrics()) {
            booster.setParam("eval_metric", metric);
        }
        return booster;
    }

    private List<String> metrics() {
        var metrics = new ArrayList<String>();
        for (var metric : hyperparameters.getOrDefault("eval_metric", "").split(",", -1)) {
            if (!metric.isBlank()) {
                metrics.add(metric.strip());
            }
        }
        var objective =
                hyperparameters.getOrDefault("_tuning_objective_metric", "").replaceFirst("^.*:", "");
        if (!objective.isEmpty() && !metrics.contains(objective)) {
            metrics.add(objective);
        }
        return metrics;
    }

    /** The model of the last round, or with early stopping that of the best. */
    private byte[] train(Booster booster, Map<String, DMatrix> watches) throws XGBoostError {
        var rounds = Integer.parseInt(hyperparameters.getOrDefault("num_round", "1"));
        var stopper = new EarlyStopping(Integer.parseInt(hyperparameters.getOrDefault("early_stopping_rounds", "0")));
        var matrices = watches.values().toArray(DMatrix[]::new);
        var names = watches.keySet().toArray(String[]::new);
        for (int round = 0; round < rounds && !stopping; round++) {
            booster.update(matrices[0], round);
            var line = booster.evalSet(matrices, names, round);
            System.out.println(line);
            System.out.flush();
            if (stopper.endsWith(round, line, booster)) {
                System.out.printf("Stopping. Best iteration: [%d]%n", stopper.bestRound());
                break;
            }
        }
        return stopper.model(booster);
    }

    private void save(byte[] model) throws IOException {
        Files.write(Files.createDirectories(opt.resolve("model")).resolve("xgboost-model"), model);
    }

    private static void load(Path file, Properties properties) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
    }

    /** Without the place in XGBoost's source and without its stack. */
    private static String essence(XGBoostError error) {
        return String.valueOf(error.getMessage())
                .replaceFirst("(?s)\\nStack trace:.*", "")
                .replaceFirst("^\\[[0-9:]+] \\S+:\\d+: ", "")
                .strip();
    }

    /** A library that the system does not have is the usual reason, but not the only one. */
    private static String unloadable(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsatisfiedLinkError) {
                return "The native XGBoost library cannot be loaded. Install OpenMP: on Debian and Ubuntu"
                        + " `apt-get install libgomp1`, on macOS `brew install libomp`.";
            }
        }
        return "The engine's XGBoost does not fit the Java that runs it.";
    }

    private static int fail(Path opt, @Nullable String message) throws IOException {
        System.err.println(message);
        Files.writeString(opt.resolve("output/failure"), "framework error: " + message);
        return 1;
    }
}
