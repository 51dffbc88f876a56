// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.engine.machine.Program;
import dev.bursar.engine.machine.Reasons;
import dev.bursar.engine.machine.Workspace;
import java.util.List;
import java.util.Map;

/** A JVM with XGBoost that takes its work from the engine, one job after another. */
record WarmProgram(ChildJvm jvm, int port) implements Program {

    @Override
    public int processes(int instanceCount) {
        return 1;
    }

    @Override
    public void prepare(Workspace workspace) {}

    @Override
    public List<String> command(Workspace workspace) {
        return jvm.command(
                workspace,
                XGBoostWorker.class,
                List.of(
                        String.valueOf(port),
                        String.valueOf(jvm.memoryMb()),
                        workspace.run().toString()));
    }

    @Override
    public Map<String, String> environment(Workspace workspace) {
        return XGBoostProgram.THREADS;
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
