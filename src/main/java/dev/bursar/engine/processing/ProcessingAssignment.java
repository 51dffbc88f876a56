// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.processing;

import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.Harvest;
import dev.bursar.engine.machine.Leaving;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.run.Assignment;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.s3.Channels;
import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.wire.SdkCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ProcessingOutput;
import software.amazon.awssdk.services.sagemaker.model.ProcessingS3UploadMode;
import software.amazon.awssdk.services.sagemaker.model.S3DataSource;

/** A processing job: inputs are brought to their local paths, outputs are taken from theirs. */
final class ProcessingAssignment implements Assignment {

    private final DescribeProcessingJobResponse job;
    private final RunParts parts;
    private final Map<String, String> uploaded = new ConcurrentHashMap<>();

    ProcessingAssignment(DescribeProcessingJobResponse job, RunParts parts) {
        this.job = job;
        this.parts = parts;
    }

    @Override
    public String name() {
        return job.processingJobName();
    }

    @Override
    public Path folder() {
        return parts.estate().processing().folder(name());
    }

    @Override
    public int hosts() {
        return job.processingResources().clusterConfig().instanceCount();
    }

    @Override
    public Program program() {
        return new ProcessingProgram(
                job, parts.childMemoryMb(), parts.enclosure().stands());
    }

    @Override
    public void deliver(Workspace workspace, int number, int hosts, Runnable attend) throws IOException {
        workspace.create();
        new ProcessingFiles(job).write(workspace);
        var channels = new Channels(parts.store());
        for (var input : job.processingInputs()) {
            attend.run();
            var source = SdkCodec.copy(input.s3Input(), S3DataSource.builder()).build();
            channels.download(source, workspace.mapped(input.s3Input().localPath()), number, hosts);
        }
        for (var output : outputs()) {
            Files.createDirectories(workspace.mapped(output.s3Output().localPath()));
        }
    }

    @Override
    public Child start(Workspace workspace, Program program) {
        return parts.child(name(), workspace, program, environment(workspace));
    }

    private Map<String, String> environment(Workspace workspace) {
        var environment = new HashMap<String, String>();
        job.environment().forEach((name, value) -> environment.put(name, workspace.rewritten(value)));
        environment.put("PROCESSING_JOB_NAME", job.processingJobName());
        environment.put("PROCESSING_JOB_ARN", job.processingJobArn());
        return environment;
    }

    /** Uploads what has changed in the outputs that are to be seen while the job runs. */
    @Override
    public void attend(List<Workspace> workspaces) throws IOException {
        try (var harvest = Harvest.ofLiving(workspaces, folder(), diskBytes())) {
            for (var output : outputs()) {
                if (output.s3Output().s3UploadMode() == ProcessingS3UploadMode.CONTINUOUS) {
                    upload(output, harvest, harvest::copyIfStill);
                }
            }
        }
    }

    @Override
    public void collect(List<Workspace> workspaces) throws IOException {
        try (var harvest = Harvest.of(workspaces, folder(), diskBytes())) {
            for (var output : outputs()) {
                upload(output, harvest, leaving -> Optional.of(harvest.copy(leaving)));
            }
        }
    }

    private List<ProcessingOutput> outputs() {
        return job.processingOutputConfig() == null
                ? List.of()
                : job.processingOutputConfig().outputs();
    }

    private void upload(ProcessingOutput output, Harvest harvest, Copying copying) throws IOException {
        var target = S3Location.parse(output.s3Output().s3Uri()).orElseThrow();
        var localPath = output.s3Output().localPath();
        for (var files : harvest.filesOfEach(workspace -> workspace.mapped(localPath))) {
            for (var file : files.entrySet()) {
                var leaving = file.getValue();
                // A file may be there under several names, and a name on several hosts.
                var taken = leaving.path() + " as " + target.child(file.getKey());
                var copy = leaving.version().equals(uploaded.get(taken)) ? Optional.<Path>empty() : copying.of(leaving);
                if (copy.isPresent()) {
                    parts.store().upload(copy.get(), target.child(file.getKey()));
                    uploaded.put(taken, leaving.version());
                }
            }
        }
    }

    @Override
    public long diskBytes() {
        return (long) job.processingResources().clusterConfig().volumeSizeInGB() << 30;
    }

    /** How a file is taken; not at all where its child has exchanged it. */
    private interface Copying {
        Optional<Path> of(Leaving leaving) throws IOException;
    }
}
