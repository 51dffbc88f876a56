// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Pause;
import dev.bursar.engine.machine.Reasons;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.model.ModelServer;
import dev.bursar.engine.model.Models;
import dev.bursar.engine.run.Course;
import dev.bursar.engine.run.LastWord;
import dev.bursar.engine.run.RunParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;

/**
 * One transform job: a process serves the model, the engine sends it the objects. What has come back is stored when all
 * of it is there, so that a stopped job stores nothing and a restarted engine may begin anew.
 */
final class TransformRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(TransformRun.class);
    private static final int STARTUP = 600;

    private final DescribeTransformJobResponse job;
    private final RunParts parts;
    private final Course course;
    private @Nullable ModelServer server;

    TransformRun(DescribeTransformJobResponse job, RunParts parts) {
        this.job = job;
        this.parts = parts;
        this.course = new TransformCourse(job.transformJobName(), parts);
        parts.hosts().queue(course.key());
    }

    /** The job is not to go on: it was stopped, or the engine is closing. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public void run() {
        try {
            endLeftover();
            while (!parts.hosts().enter(course.key(), job.transformResources().instanceCount())) {
                attend();
                Pause.brief();
            }
            transform();
        } catch (Interrupted e) {
            endServer();
            if (course.isStopping()) {
                course.stopped(false, now(), now());
            }
        } catch (JobFailure failure) {
            endServer();
            course.fail(failure.reason(), now(), now());
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            endServer();
            if (!parts.isClosing()) {
                log.error("job={} fails with InternalServerError", course.key(), e);
                course.fail(LastWord.INTERNAL, now(), now());
            }
        } finally {
            new LastWord(course, parts::isClosing, parts.clock()).speak();
            parts.hosts().leave(course.key());
            log.info("job={} is left", course.key());
        }
    }

    private void transform() throws IOException {
        attend();
        if (course.startedAt().isEmpty()) {
            course.start(now());
        }
        var model = parts.estate()
                .models()
                .find(job.modelName())
                .orElseThrow(() -> new JobFailure("ClientError: The model %s is gone.".formatted(job.modelName())));
        var started = ModelServer.start(job.transformJobName(), root(), Models.container(model), environment(), parts);
        server = started;
        awaitPing(started);
        var batch = new TransformBatch(job, started, parts);
        var failure = batch.run(this::attend);
        endServer();
        attend();
        batch.store();
        if (failure.isPresent()) {
            throw new JobFailure(failure.get());
        }
        course.complete(now(), now());
    }

    private void awaitPing(ModelServer started) {
        var until = now().plusSeconds(STARTUP);
        while (!started.isReady()) {
            attend();
            if (started.exitCode().isPresent() || now().isAfter(until)) {
                throw new JobFailure("AlgorithmError: The container did not pass the ping health check: "
                        + Reasons.tail(new Workspace(root())));
            }
            Pause.brief();
        }
    }

    private Map<String, String> environment() {
        var limits = BatchLimits.of(job);
        var environment = new HashMap<>(job.environment());
        environment.put("SAGEMAKER_BATCH", "true");
        environment.put("SAGEMAKER_BATCH_STRATEGY", limits.isSingle() ? "SINGLE_RECORD" : "MULTI_RECORD");
        environment.put("SAGEMAKER_MAX_PAYLOAD_IN_MB", String.valueOf(limits.payload()));
        environment.put("SAGEMAKER_MAX_CONCURRENT_TRANSFORMS", String.valueOf(limits.concurrent()));
        return environment;
    }

    /** Looks whether the job may go on. */
    private void attend() {
        if (server != null) {
            server.mark(now());
        }
        if (parts.isClosing() || course.isStopping()) {
            throw new Interrupted();
        }
    }

    /** A process which an engine before this one started: what it was sent is not known any more. */
    private void endLeftover() {
        if (Files.exists(root().resolve("started"))) {
            ModelServer.adopt(root()).stop();
        }
    }

    private void endServer() {
        if (server != null) {
            server.stop();
            server.mark(now());
            server = null;
        }
    }

    private Path root() {
        return parts.estate()
                .transform()
                .folder(job.transformJobName())
                .resolve("hosts")
                .resolve("i-1")
                .toAbsolutePath();
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
