// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Reasons;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import software.amazon.awssdk.services.sagemaker.model.Channel;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/**
 * The built-in XGBoost in a JVM of its own. With several hosts only the first one trains, on all the data: they would
 * all share this machine's processors anyway.
 */
public final class XGBoostProgram implements Program {

    /** Threads that wait actively for one another take ten times as long when jobs share the processors. */
    static final Map<String, String> THREADS = Map.of("OMP_WAIT_POLICY", "passive", "MALLOC_ARENA_MAX", "2");

    private final DescribeTrainingJobResponse job;
    private final ChildJvm jvm;

    public XGBoostProgram(DescribeTrainingJobResponse job, ChildJvm jvm) {
        this.job = job;
        this.jvm = jvm;
    }

    @Override
    public int processes(int instanceCount) {
        return 1;
    }

    @Override
    public void prepare(Workspace workspace) throws IOException {
        var problems = XGBoost.problems(job.hyperParameters());
        if (!problems.isEmpty()) {
            throw refused(problems.get(0).message());
        }
        for (var unsupported : List.of("_kfold", "_num_cv_round")) {
            if (job.hyperParameters().containsKey(unsupported)) {
                throw refused("The engine does not do cross-validation; leave out " + unsupported);
            }
        }
        if ("survival:aft".equals(job.hyperParameters().get("objective"))) {
            throw refused(
                    "The engine does not do survival:aft: it needs bounds of the label, which CSV does not carry");
        }
        requireMetrics();
        var config = workspace.input().resolve("config");
        store(channels(), config.resolve("channels.properties"));
        store(hyperparameters(), config.resolve("hyperparameters.properties"));
    }

    @Override
    public List<String> command(Workspace workspace) {
        return jvm.command(
                workspace, XGBoostTraining.class, List.of(workspace.opt().toString(), String.valueOf(jvm.memoryMb())));
    }

    @Override
    public Map<String, String> environment(Workspace workspace) {
        return THREADS;
    }

    /** A JVM, and the loader of its libraries, would obey others: whoever may start a job could run anything here. */
    @Override
    public boolean takes(String variable) {
        return ChildJvm.isHarmless(variable);
    }

    @Override
    public long memoryKb() {
        return jvm.memoryKb();
    }

    @Override
    public long diskKb() {
        return (long) job.resourceConfig().volumeSizeInGB() << 20;
    }

    @Override
    public String failureReason(Workspace workspace, int exitCode) throws IOException {
        return Reasons.algorithmError(Reasons.said(workspace).orElseGet(() -> Reasons.tail(workspace)), exitCode);
    }

    private void requireMetrics() {
        var known = XGBoostMetrics.definitions().stream()
                .map(metric -> metric.name().replaceFirst(".*:", ""))
                .toList();
        for (var metric : job.hyperParameters().getOrDefault("eval_metric", "").split(",", -1)) {
            if (!metric.isBlank() && !known.contains(metric.strip().replaceFirst("@.*", ""))) {
                throw refused("The engine's XGBoost cannot evaluate the metric %s; it can: %s"
                        .formatted(metric.strip(), known.stream().distinct().toList()));
            }
        }
    }

    private Properties channels() {
        var channels = new Properties();
        for (var channel : job.inputDataConfig()) {
            var name = channel.channelName();
            if (!List.of("train", "validation", "code").contains(name)) {
                throw refused("Channel '%s' is not one of train, validation, code".formatted(name));
            }
            if ("Pipe".equals(inputMode(channel))) {
                throw refused("Pipe mode is not offered by this engine; use File or FastFile");
            }
            channels.setProperty(name, format(channel));
        }
        if (!channels.containsKey("train")) {
            throw refused("Missing required input channel: train");
        }
        return channels;
    }

    private String inputMode(Channel channel) {
        return Optional.ofNullable(channel.inputModeAsString())
                .orElse(job.algorithmSpecification().trainingInputModeAsString());
    }

    private static String format(Channel channel) {
        var type =
                Optional.ofNullable(channel.contentType()).orElse("text/libsvm").toLowerCase(Locale.ROOT);
        return switch (type.replaceFirst(";.*", "").strip()) {
            case "csv", "text/csv" -> csv(type);
            case "libsvm", "text/libsvm", "text/x-libsvm" -> "libsvm";
            case "parquet", "application/x-parquet", "recordio-protobuf", "application/x-recordio-protobuf" ->
                throw refused("The engine does not read the content type %s; give it text/csv or text/libsvm"
                        .formatted(type));
            default ->
                throw refused(
                        "%s is not an accepted ContentType: csv, libsvm, parquet, recordio-protobuf".formatted(type));
        };
    }

    private static String csv(String type) {
        if (type.contains("label_size") && !type.replace(" ", "").contains("label_size=1")) {
            throw refused("text/csv must have label_size=1, not '%s'".formatted(type));
        }
        return "csv";
    }

    private Properties hyperparameters() {
        var canonical = new Properties();
        job.hyperParameters().forEach((name, value) -> canonical.setProperty(XGBoost.canonicalName(name), value));
        return canonical;
    }

    private static void store(Properties properties, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("# for the child JVM, which has no JSON reader\n".getBytes(StandardCharsets.UTF_8));
            properties.store(out, null);
        }
    }

    private static JobFailure refused(String message) {
        return new JobFailure(Reasons.algorithmError("framework error: " + message, 1));
    }
}
