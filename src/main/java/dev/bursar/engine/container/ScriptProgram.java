// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.container;

import dev.bursar.engine.machine.Executables;
import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Reasons;
import dev.bursar.engine.machine.TarReader;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.s3.ObjectStore;
import dev.bursar.engine.s3.S3Location;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/** Script mode: the user's own code, with this machine's {@code python3} or {@code sh} in place of the image's. */
final class ScriptProgram implements Program {

    /** Installs requirements into the job's own folder first; a file tells that it was this which failed. */
    private static final String INSTALL_AND_RUN = """
            "$1" -m pip install --disable-pip-version-check --no-input --target "$2" -r requirements.txt \
            || { code=$?; echo $code > "$3"; exit $code; }
            shift 3; exec "$@"
            """;

    private final DescribeTrainingJobResponse job;
    private final Script script;
    private final ObjectStore store;
    private final int memoryMb;

    ScriptProgram(DescribeTrainingJobResponse job, ObjectStore store, int memoryMb) {
        this.job = job;
        this.script = Script.of(job.hyperParameters());
        this.store = store;
        this.memoryMb = memoryMb;
    }

    @Override
    public int processes(int instanceCount) {
        return instanceCount;
    }

    @Override
    public void prepare(Workspace workspace) throws IOException {
        if (!script.isShell() && Executables.find("python3").isEmpty()) {
            throw new JobFailure("ClientError: The engine found no python3 on this machine, which %s needs."
                    .formatted(script.program()));
        }
        var archive = S3Location.parse(script.submitDirectory())
                .orElseThrow(() -> new JobFailure(
                        "ClientError: sagemaker_submit_directory must be s3://bucket/…/sourcedir.tar.gz, not "
                                + script.submitDirectory()));
        var file = workspace.tmp().resolve("sourcedir.tar.gz");
        store.download(archive, file);
        TarReader.unpack(file, workspace.code(), archive.toString());
        Files.delete(file);
        var entry = workspace.code().resolve(script.program()).normalize();
        if (!entry.startsWith(workspace.code()) || !Files.isRegularFile(entry)) {
            throw new JobFailure("ClientError: The script %s (hyperparameter sagemaker_program) is not in %s,"
                            .formatted(script.program(), archive)
                    + " which holds: " + contents(workspace));
        }
    }

    @Override
    public List<String> command(Workspace workspace) {
        var command = new ArrayList<String>();
        var program = new ArrayList<String>();
        var python = Executables.find("python3").map(Object::toString).orElse("python3");
        if (script.isShell()) {
            program.add("/bin/sh");
            program.add("./" + script.program());
        } else {
            program.add(python);
            program.add(script.program());
        }
        program.addAll(script.arguments());
        command.addAll(List.of("sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh"));
        command.add(workspace.code().toString());
        if (!script.isShell() && Files.exists(workspace.code().resolve("requirements.txt"))) {
            command.addAll(List.of("sh", "-c", INSTALL_AND_RUN, "sh", python));
            command.add(packages(workspace));
            command.add(workspace.run().resolve("requirements-failed").toString());
        }
        command.addAll(program);
        return command;
    }

    @Override
    public Map<String, String> environment(Workspace workspace) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("PYTHONUNBUFFERED", "1");
        variables.put("PYTHONPATH", workspace.code() + ":" + packages(workspace));
        variables.putAll(new ScriptEnvironment(job, script, script.submitDirectory()).variables(workspace));
        return variables;
    }

    @Override
    public long memoryKb() {
        return 1024L * memoryMb;
    }

    @Override
    public long diskKb() {
        return (long) job.resourceConfig().volumeSizeInGB() << 20;
    }

    @Override
    public String failureReason(Workspace workspace, int exitCode) throws IOException {
        var said = Reasons.said(workspace);
        if (said.isPresent()) {
            return Reasons.algorithmError(said.get(), exitCode);
        }
        var isPip = Files.exists(workspace.run().resolve("requirements-failed"));
        var command = isPip
                ? "python3 -m pip install -r requirements.txt"
                : ("python3 " + script.program() + " " + String.join(" ", script.arguments())).strip();
        var error = "%s:%nExitCode %d%nErrorMessage \"%s\"%nCommand \"%s\""
                .formatted(
                        isPip ? "InstallRequirementsError" : "ExecuteUserScriptError",
                        exitCode,
                        (Reasons.killed(exitCode, memoryMb) + Reasons.tail(workspace)).strip(),
                        script.isShell() ? command.replaceFirst("python3", "/bin/sh") : command);
        return Reasons.algorithmError(error, exitCode);
    }

    private static String packages(Workspace workspace) {
        return workspace.run().resolve("packages").toString();
    }

    private static String contents(Workspace workspace) throws IOException {
        try (var paths = Files.walk(workspace.code())) {
            var names = paths.filter(Files::isRegularFile)
                    .map(path -> workspace.code().relativize(path).toString())
                    .sorted()
                    .limit(20)
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "nothing" : names;
        }
    }
}
