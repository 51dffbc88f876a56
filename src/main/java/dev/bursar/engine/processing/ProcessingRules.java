// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.processing;

import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.wire.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.CreateProcessingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.ProcessingInput;
import software.amazon.awssdk.services.sagemaker.model.ProcessingOutput;
import software.amazon.awssdk.services.sagemaker.model.ProcessingS3CompressionType;
import software.amazon.awssdk.services.sagemaker.model.ProcessingS3InputMode;

/** What CreateProcessingJob refuses beyond the limits of the service model. */
final class ProcessingRules {

    private static final String ROOT = "/opt/ml/processing/";

    private ProcessingRules() {}

    static void check(CreateProcessingJobRequest request) {
        unique(
                "ProcessingInputs",
                request.processingInputs().stream()
                        .map(ProcessingInput::inputName)
                        .toList());
        request.processingInputs().forEach(ProcessingRules::check);
        if (request.processingOutputConfig() != null) {
            var outputs = request.processingOutputConfig().outputs();
            unique(
                    "ProcessingOutputConfig.Outputs",
                    outputs.stream().map(ProcessingOutput::outputName).toList());
            outputs.forEach(ProcessingRules::check);
        }
    }

    private static void check(ProcessingInput input) {
        var source = input.s3Input();
        if (input.datasetDefinition() != null) {
            throw Refusal.validation("DatasetDefinition is not offered by this engine.");
        }
        if (source == null) {
            throw Refusal.validation("The input %s has no S3Input.".formatted(input.inputName()));
        }
        if (source.s3InputMode() == ProcessingS3InputMode.PIPE) {
            throw Refusal.validation(
                    "Input %s: Pipe mode is not offered by this engine; use File.".formatted(input.inputName()));
        }
        if (source.s3CompressionType() == ProcessingS3CompressionType.GZIP) {
            throw Refusal.validation("Input %s: Gzip is supported only in Pipe mode, which this engine does not offer."
                    .formatted(input.inputName()));
        }
        requireS3(source.s3Uri());
        requireLocalPath(source.localPath());
    }

    private static void check(ProcessingOutput output) {
        if (output.featureStoreOutput() != null) {
            throw Refusal.validation("FeatureStoreOutput is not offered by this engine.");
        }
        if (output.s3Output() == null) {
            throw Refusal.validation("The output %s has no S3Output.".formatted(output.outputName()));
        }
        requireS3(output.s3Output().s3Uri());
        requireLocalPath(output.s3Output().localPath());
    }

    private static void requireS3(String uri) {
        if (S3Location.parse(uri).isEmpty()) {
            throw Refusal.validation("The S3Uri must begin with s3://, not " + uri);
        }
    }

    /** The path becomes one on this machine: it must stay below the job's own folder. */
    private static void requireLocalPath(@Nullable String path) {
        if (path == null
                || !path.startsWith(ROOT)
                || List.of(path.split("/", -1)).contains("..")) {
            throw Refusal.validation("LocalPath must start with %s, not %s".formatted(ROOT, path));
        }
    }

    private static void unique(String what, List<String> names) {
        if (names.size() != names.stream().distinct().count()) {
            throw Refusal.validation("The names in %s must be unique, not %s.".formatted(what, names));
        }
    }
}
