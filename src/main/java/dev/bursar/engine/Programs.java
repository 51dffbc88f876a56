package dev.bursar.engine;

import dev.bursar.algorithm.XGBoost;
import java.nio.file.Path;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/** Finds out what a job's image and hyperparameters ask for. */
final class Programs {

    private final ObjectStore store;
    private final Path folder;
    private final int memoryMb;

    Programs(ObjectStore store, EngineSettings settings) {
        this.store = store;
        this.folder = settings.folder().resolve("xgboost");
        this.memoryMb = settings.childMemoryMb();
    }

    Program of(DescribeTrainingJobResponse job) {
        if (Script.isOne(job.hyperParameters())) {
            return new ScriptProgram(job, store, memoryMb);
        }
        var image = String.valueOf(job.algorithmSpecification().trainingImage());
        if (XGBoost.isImage(image)) {
            return new XGBoostProgram(job, folder, memoryMb);
        }
        throw new JobFailure(
                "ClientError: The engine cannot run the image %s. It runs the built-in XGBoost (such as %s)"
                                .formatted(
                                        image,
                                        XGBoost.imageUri("us-east-1", "1.7-1").orElse(""))
                        + " and, with the hyperparameters sagemaker_program and sagemaker_submit_directory,"
                        + " scripts for python3 or sh under any image.");
    }
}
