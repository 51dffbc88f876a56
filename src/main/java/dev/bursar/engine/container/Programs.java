// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.container;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.s3.ObjectStore;
import dev.bursar.engine.xgboost.ChildJvm;
import dev.bursar.engine.xgboost.ServingXGBoost;
import dev.bursar.engine.xgboost.XGBoostProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.services.sagemaker.model.ContainerDefinition;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/** Finds out what an image, with hyperparameters or variables, asks for. */
public final class Programs {

    private final ObjectStore store;
    private final ChildJvm jvm;
    private final Path serveScript;
    private final int memoryMb;

    public Programs(ObjectStore store, Path folder, int memoryMb) {
        this.store = store;
        this.jvm = new ChildJvm(folder.resolve("xgboost"), memoryMb);
        this.serveScript = folder.resolve("serve.py");
        this.memoryMb = memoryMb;
    }

    public ChildJvm jvm() {
        return jvm;
    }

    public Program of(DescribeTrainingJobResponse job) {
        if (Script.isOne(job.hyperParameters())) {
            return new ScriptProgram(job, store, memoryMb);
        }
        var image = String.valueOf(job.algorithmSpecification().trainingImage());
        if (XGBoost.isImage(image)) {
            return new XGBoostProgram(job, jvm);
        }
        throw new JobFailure(
                "ClientError: The engine cannot run the image %s. It runs the built-in XGBoost (such as %s)"
                                .formatted(
                                        image,
                                        XGBoost.imageUri("us-east-1", "1.7-1").orElse(""))
                        + " and, with the hyperparameters sagemaker_program and sagemaker_submit_directory,"
                        + " scripts for python3 or sh under any image.");
    }

    /** What serves a model whose files lie in a workspace. */
    public Program serving(ContainerDefinition container, Workspace workspace) {
        var environment = container.environment();
        if (environment.containsKey("SAGEMAKER_PROGRAM")
                || Files.exists(workspace.model().resolve("code"))) {
            return new ServingScript(environment, store, serveScript, memoryMb);
        }
        if (XGBoost.isImage(String.valueOf(container.image()))) {
            return new ServingXGBoost(environment, jvm);
        }
        throw new JobFailure(
                "ClientError: The engine cannot serve with the image %s. It serves models of the built-in XGBoost (such as %s)"
                                .formatted(
                                        container.image(),
                                        XGBoost.imageUri("us-east-1", "1.7-1").orElse(""))
                        + " and, under any image, models with code/inference.py or the variable SAGEMAKER_PROGRAM.");
    }
}
