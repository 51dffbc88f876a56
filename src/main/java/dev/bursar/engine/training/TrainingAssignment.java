// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import dev.bursar.engine.container.ContainerFiles;
import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.Harvest;
import dev.bursar.engine.machine.Leaving;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.TarWriter;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.run.Assignment;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.s3.Channels;
import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.xgboost.XGBoostProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.OutputCompressionType;

/** A training job: channels are brought, a model is taken away. */
record TrainingAssignment(DescribeTrainingJobResponse job, RunParts parts) implements Assignment {

    @Override
    public String name() {
        return job.trainingJobName();
    }

    @Override
    public Path folder() {
        return parts.estate().training().folder(name());
    }

    @Override
    public int hosts() {
        return ContainerFiles.hostsInOrder(job).size();
    }

    @Override
    public Program program() {
        return parts.programs().of(job);
    }

    @Override
    public void deliver(Workspace workspace, int number, int hosts, Runnable attend) throws IOException {
        workspace.create();
        new ContainerFiles(job).write(workspace);
        var channels = new Channels(parts.store());
        for (var channel : job.inputDataConfig()) {
            attend.run();
            channels.download(
                    channel.dataSource().s3DataSource(), workspace.channel(channel.channelName()), number, hosts);
        }
    }

    /** A trial of the built-in algorithm is too short to wait for a JVM of its own. */
    @Override
    public Child start(Workspace workspace, Program program) throws IOException {
        return job.tuningJobArn() != null && program instanceof XGBoostProgram
                ? parts.warmChild(name(), workspace)
                : parts.child(name(), workspace, program, environment());
    }

    private Map<String, String> environment() {
        var environment = new HashMap<>(job.environment());
        environment.put("TRAINING_JOB_NAME", job.trainingJobName());
        environment.put("TRAINING_JOB_ARN", job.trainingJobArn());
        return environment;
    }

    @Override
    public void collect(List<Workspace> workspaces) throws IOException {
        var output = S3Location.parse(job.outputDataConfig().s3OutputPath())
                .orElseThrow()
                .child(name())
                .child("output");
        try (var harvest = Harvest.of(workspaces, folder(), diskBytes())) {
            var models = harvest.files(Workspace::model);
            if (job.outputDataConfig().compressionType() == OutputCompressionType.NONE) {
                for (var file : models.entrySet()) {
                    parts.store()
                            .upload(
                                    harvest.copy(file.getValue()),
                                    output.child("model").child(file.getKey()));
                }
            } else {
                upload(models, output.child("model.tar.gz"));
            }
            upload(harvest.files(workspace -> workspace.output().resolve("data")), output.child("output.tar.gz"));
        }
    }

    @Override
    public long diskBytes() {
        return (long) job.resourceConfig().volumeSizeInGB() << 30;
    }

    private void upload(SortedMap<String, Leaving> files, S3Location object) throws IOException {
        if (!files.isEmpty()) {
            var archive = folder().resolve("upload.tar.gz");
            TarWriter.write(files, archive);
            parts.store().upload(archive, object);
            Files.delete(archive);
        }
    }
}
