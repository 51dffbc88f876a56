package dev.bursar.engine;

import java.util.Comparator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/** Runs the jobs, each on a thread of its own, and takes up those that an earlier engine left unfinished. */
final class TrainingRuns implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TrainingRuns.class);

    private final RunParts parts;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "engine-run");
        thread.setDaemon(true);
        return thread;
    });

    TrainingRuns(RunParts parts) {
        this.parts = parts;
    }

    /** In the order in which they were created, so that waiting jobs keep their turn. */
    void resume() {
        parts.jobs().all().stream()
                .filter(job -> !Transition.isTerminal(job))
                .sorted(Comparator.comparing(DescribeTrainingJobResponse::creationTime))
                .forEach(this::start);
    }

    void start(DescribeTrainingJobResponse job) {
        var run = new TrainingRun(job, parts);
        parts.hosts().queue(job.trainingJobName());
        threads.execute(run);
    }

    @Override
    public void close() {
        parts.closing().set(true);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(4, TimeUnit.SECONDS)) {
                log.warn("some runs are still busy; they are left to the next engine on this folder");
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
