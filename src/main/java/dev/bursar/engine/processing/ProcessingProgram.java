// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.processing;

import dev.bursar.engine.machine.Executables;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Reasons;
import dev.bursar.engine.machine.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ProcessingInput;

/**
 * The command of a processing job, with this machine's programs in place of the image's. What the command says of
 * {@code /opt/ml} is made to mean the private folder: in its words, in the environment, and in the text of the scripts
 * that came with the inputs it names.
 */
final class ProcessingProgram implements Program {

    private final DescribeProcessingJobResponse job;
    private final int memoryMb;
    private final boolean literalPaths;

    ProcessingProgram(DescribeProcessingJobResponse job, int memoryMb, boolean literalPaths) {
        this.job = job;
        this.memoryMb = memoryMb;
        this.literalPaths = literalPaths;
    }

    @Override
    public int processes(int instanceCount) {
        return instanceCount;
    }

    @Override
    public void prepare(Workspace workspace) throws IOException {
        if (!job.appSpecification().hasContainerEntrypoint()) {
            throw new JobFailure(
                    "ClientError: The engine cannot run the image %s, only commands of this machine: give a ContainerEntrypoint."
                            .formatted(job.appSpecification().imageUri()));
        }
        var program = job.appSpecification().containerEntrypoint().get(0);
        if (!program.contains("/") && Executables.find(program).isEmpty()) {
            throw new JobFailure("ClientError: The engine found no %s on this machine.".formatted(program));
        }
        for (var input : job.processingInputs()) {
            // Behind walls the path in a script is right as it is.
            if (!literalPaths && isCode(input)) {
                rewriteScripts(workspace, workspace.mapped(input.s3Input().localPath()));
            }
        }
    }

    @Override
    public List<String> command(Workspace workspace) {
        return words().map(workspace::rewritten).toList();
    }

    @Override
    public Map<String, String> environment(Workspace workspace) {
        return Map.of("PYTHONUNBUFFERED", "1");
    }

    @Override
    public long memoryKb() {
        return 1024L * memoryMb;
    }

    @Override
    public long diskKb() {
        return (long) job.processingResources().clusterConfig().volumeSizeInGB() << 20;
    }

    @Override
    public String failureReason(Workspace workspace, int exitCode) {
        return Reasons.algorithmError((Reasons.killed(exitCode, memoryMb) + Reasons.tail(workspace)).strip(), exitCode);
    }

    private Stream<String> words() {
        var words = new ArrayList<>(job.appSpecification().containerEntrypoint());
        words.addAll(job.appSpecification().containerArguments());
        return words.stream();
    }

    /** Whether the command names something of the input. */
    private boolean isCode(ProcessingInput input) {
        var folder = input.s3Input().localPath().replaceFirst("/+$", "");
        return words().anyMatch(word -> word.contains(folder + "/"));
    }

    private static void rewriteScripts(Workspace workspace, Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var file : paths.filter(Files::isRegularFile).toList()) {
                var name = file.toString();
                if (name.endsWith(".py") || name.endsWith(".sh")) {
                    Files.write(file, workspace.rewritten(Files.readAllBytes(file)));
                }
            }
        }
    }
}
