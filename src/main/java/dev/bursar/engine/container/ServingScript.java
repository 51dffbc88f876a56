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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Serves a model with the user's own functions, through the engine's {@code serve.py} and this machine's python3. */
record ServingScript(Map<String, String> variables, ObjectStore store, Path server, int memoryMb) implements Program {

    @Override
    public int processes(int instanceCount) {
        return 1;
    }

    @Override
    public void prepare(Workspace workspace) throws IOException {
        if (Executables.find("python3").isEmpty()) {
            throw new JobFailure(
                    "ClientError: The engine found no python3 on this machine, which %s needs.".formatted(program()));
        }
        var submitted = S3Location.parse(variables.getOrDefault("SAGEMAKER_SUBMIT_DIRECTORY", ""));
        if (submitted.isPresent()) {
            var archive = workspace.tmp().resolve("sourcedir.tar.gz");
            store.download(submitted.get(), archive);
            TarReader.unpack(archive, workspace.code(), submitted.get().toString());
            Files.delete(archive);
        }
        var script = code(workspace).resolve(program()).normalize();
        if (!script.startsWith(code(workspace)) || !Files.isRegularFile(script)) {
            throw new JobFailure("ClientError: The script %s is not in %s."
                    .formatted(program(), workspace.disguised(code(workspace).toString())));
        }
    }

    @Override
    public List<String> command(Workspace workspace) {
        var python = Executables.find("python3").map(Path::toString).orElse("python3");
        return List.of(
                python,
                server.toString(),
                code(workspace).resolve(program()).toString(),
                workspace.model().toString(),
                workspace.run().resolve("port").toString());
    }

    @Override
    public Map<String, String> environment(Workspace workspace) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PYTHONUNBUFFERED", "1");
        environment.put("PYTHONPATH", code(workspace).toString());
        environment.put("SM_MODEL_DIR", workspace.model().toString());
        return environment;
    }

    @Override
    public long memoryKb() {
        return 1024L * memoryMb;
    }

    @Override
    public String failureReason(Workspace workspace, int exitCode) {
        return Reasons.algorithmError(Reasons.tail(workspace), exitCode);
    }

    private String program() {
        return variables.getOrDefault("SAGEMAKER_PROGRAM", "inference.py");
    }

    /** Code that was submitted by itself, else the code in the model's archive. */
    private Path code(Workspace workspace) {
        var directory = variables.getOrDefault("SAGEMAKER_SUBMIT_DIRECTORY", "");
        if (directory.startsWith("s3://")) {
            return workspace.code();
        }
        return directory.startsWith("/opt/ml/")
                ? workspace.mapped(directory)
                : workspace.model().resolve("code");
    }
}
