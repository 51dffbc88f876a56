// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Reasons;
import dev.bursar.engine.machine.Workspace;
import java.util.List;
import java.util.Map;

/** Serves models of the built-in XGBoost in a JVM of its own. */
public record ServingXGBoost(Map<String, String> variables, ChildJvm jvm) implements Program {

    @Override
    public int processes(int instanceCount) {
        return 1;
    }

    @Override
    public void prepare(Workspace workspace) {
        if (variables.containsKey("SAGEMAKER_INFERENCE_OUTPUT")) {
            throw new JobFailure("ClientError: SAGEMAKER_INFERENCE_OUTPUT is not offered by this engine.");
        }
    }

    @Override
    public List<String> command(Workspace workspace) {
        return jvm.command(
                workspace,
                XGBoostServing.class,
                List.of(
                        workspace.opt().toString(),
                        workspace.run().resolve("port").toString()));
    }

    @Override
    public Map<String, String> environment(Workspace workspace) {
        return XGBoostProgram.THREADS;
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
    public String failureReason(Workspace workspace, int exitCode) {
        return Reasons.algorithmError(Reasons.tail(workspace), exitCode);
    }
}
