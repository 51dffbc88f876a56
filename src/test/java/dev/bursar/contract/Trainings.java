package dev.bursar.contract;

import java.util.Map;

/** Requests for trainings, each right but for what a test makes wrong. */
final class Trainings {

    private static final String XGBOOST = """
            {"kind": "training", "lab": "LAB", "name": "of a test",
             "algorithm": {"builtIn": "xgboost", "version": "1.7-1"},
             "hyperparameters": {"objective": "binary:logistic", "num_round": 5},
             "inputs": {"train": {"dataset": "biopsies", "path": "train.csv"}},
             "compute": {"instanceType": "ml.m5.large", "instanceCount": 1, "volumeSizeGb": 10},
             "maxRuntime": "PT10M"}""";

    private static final String SCRIPT = """
            {"kind": "training", "lab": "LAB", "name": "of a test",
             "algorithm": {"framework": "scikit-learn", "script": {"dataset": "code", "path": "PATH"ENTRY}},
             "inputs": {"train": {"dataset": "biopsies", "path": "train.csv"}},
             "compute": {"instanceType": "ml.m5.large"}, "maxRuntime": "MAX"}""";

    private Trainings() {}

    /** The built-in XGBoost with one piece of the request replaced by another. */
    static String xgboost(String lab, String right, String wrong) {
        var request = XGBOOST.replace("LAB", lab);
        if (!request.contains(right)) {
            throw new IllegalArgumentException("the request has no " + right);
        }
        return request.replace(right, wrong);
    }

    static String xgboost(String lab) {
        return XGBOOST.replace("LAB", lab);
    }

    static String script(String lab, String path, String maxRuntime) {
        return SCRIPT.replace("LAB", lab)
                .replace("PATH", path)
                .replace("ENTRY", "")
                .replace("MAX", maxRuntime);
    }

    static String archive(String lab, String path, String entryPoint) {
        return SCRIPT.replace("LAB", lab)
                .replace("PATH", path)
                .replace("ENTRY", ", \"entryPoint\": \"" + entryPoint + "\"")
                .replace("MAX", "PT10M");
    }

    /** A tar.gz with these files. */
    static byte[] packed(Map<String, String> files) {
        var bytes = new java.util.LinkedHashMap<String, byte[]>();
        files.forEach((name, content) -> bytes.put(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return packedBytes(bytes);
    }

    static byte[] packedBytes(Map<String, byte[]> files) {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var tar = new org.apache.commons.compress.archivers.tar.TarArchiveOutputStream(
                new java.util.zip.GZIPOutputStream(bytes), "UTF-8")) {
            tar.setLongFileMode(org.apache.commons.compress.archivers.tar.TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files.entrySet()) {
                var content = file.getValue();
                var entry = new org.apache.commons.compress.archivers.tar.TarArchiveEntry(file.getKey(), true);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
