// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.machine.Pause;
import dev.bursar.engine.nastiness.Nastiness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job from its creation to its end: a thread that does the steps in order. The job's file, not the thread, is the
 * truth: a stop is read from it, and an engine that finds the job unfinished on disk takes it up where it stood.
 */
public final class JobRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(JobRun.class);
    private static final String STOPPED = "The engine was stopped while the job was running.";
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final Assignment assignment;
    private final Course course;
    private final RunParts parts;
    private final Cluster cluster;
    private @Nullable Instant ended;

    /** Takes its place in the queue for hosts at once, so that jobs come in the order in which they were created. */
    public JobRun(Assignment assignment, Course course, RunParts parts) {
        this.assignment = assignment;
        this.course = course;
        this.parts = parts;
        this.cluster = new Cluster(assignment);
        parts.hosts().queue(course.key());
    }

    /** The engine is closing; what can wait for the next one waits. */
    private static final class Closing extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The job was stopped before it had a process. */
    private static final class StoppedEarly extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public void run() {
        try {
            var resumed = cluster.wasLaunched();
            if (!resumed) {
                launch();
            } else {
                parts.hosts().occupy(course.key(), assignment.hosts());
                cluster.adopt();
            }
            awaitEnd();
            if (resumed) {
                ended = cluster.endedAt(now(), course.startedAt()).orElse(null);
            }
            finish();
        } catch (JobFailure failure) {
            fail(failure.reason());
        } catch (StoppedEarly e) {
            course.stopped(cluster.wasOverdue(), end(), now());
        } catch (Closing e) {
            log.info("job={} stays as it is; the next engine on this folder goes on", course.key());
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            failUnexpectedly(e);
        } finally {
            new LastWord(course, parts::isClosing, parts.clock()).speak();
            parts.hosts().leave(course.key());
        }
    }

    private void launch() throws IOException {
        var program = assignment.program();
        provision();
        var begun = Instant.now();
        while (!parts.hasDiskSpace() || !parts.hosts().enter(course.key(), assignment.hosts())) {
            attend();
            course.say(parts.hasDiskSpace() ? parts.hosts().situation(course.key()) : parts.diskSituation(), now());
            Pause.growing(begun);
        }
        attend();
        if (course.startedAt().isEmpty()) {
            course.start(now());
        }
        cluster.download(program, this::attend);
        attend();
        course.run(now());
        cluster.start(program);
    }

    /** Where the engine is to be nasty, instances take their time or do not come. */
    private void provision() {
        linger(nastiness().slowStartSeconds(), this::attend);
        if (parts.moods().lacksCapacity(course.key())) {
            throw new JobFailure(
                    "CapacityError: Unable to provision requested ML compute capacity. Please retry using a"
                            + " different ML instance type.");
        }
    }

    private void linger(int seconds, Runnable attend) {
        var until = now().plusSeconds(seconds);
        while (now().isBefore(until)) {
            attend.run();
            Pause.brief();
        }
    }

    private void requireOpen() {
        if (parts.isClosing()) {
            throw new Closing();
        }
    }

    /** Looks whether the job may go on while nothing of it runs. */
    private void attend() {
        requireOpen();
        if (course.isStopping()) {
            throw new StoppedEarly();
        }
        if (isOverdue()) {
            stopOverdue();
            throw new StoppedEarly();
        }
    }

    private void awaitEnd() throws IOException {
        Instant asked = null;
        var begun = Instant.now();
        while (!cluster.hasEnded(now())) {
            if (parts.isClosing()) {
                cluster.stopPromptly();
                if (course.isStopping()) {
                    return;
                }
                throw new JobFailure("InternalServerError: " + STOPPED);
            }
            if (course.isStopping()) {
                asked = stop(asked);
            } else if (isOverdue()) {
                stopOverdue();
            }
            cluster.attend();
            Pause.growing(begun);
        }
    }

    /** Asks the processes to end, later makes them; since when they have been asked. */
    private @Nullable Instant stop(@Nullable Instant asked) {
        if (asked == null) {
            return cluster.terminate() ? now() : null;
        }
        if (now().isAfter(asked.plus(GRACE))) {
            cluster.kill();
        }
        return asked;
    }

    private void stopOverdue() {
        cluster.markOverdue();
        course.stop(now());
    }

    private void finish() throws IOException {
        if (!course.isStopping()) {
            cluster.requireSuccess(assignment.program());
        }
        course.upload(now());
        linger(nastiness().uploadStallSeconds(), this::requireOpen);
        cluster.upload(now());
        // It may have been stopped while it uploaded.
        if (course.isStopping()) {
            course.stopped(cluster.wasOverdue(), end(), now());
        } else {
            course.complete(end(), now());
        }
        log.info("job={} has ended", course.key());
    }

    /** Time in which no engine ran, after the processes had ended, is not billed. */
    private Instant end() {
        return ended == null ? now() : ended;
    }

    private void fail(String reason) {
        course.fail(reason, end(), now());
        log.info("job={} status=Failed reason={}", course.key(), reason);
    }

    private void failUnexpectedly(Throwable e) {
        if (parts.isClosing()) {
            log.info(
                    "job={} was interrupted by the engine's end ({}); the next engine goes on",
                    course.key(),
                    e.toString());
            return;
        }
        log.error("job={} fails with InternalServerError", course.key(), e);
        cluster.kill();
        fail(LastWord.INTERNAL);
    }

    private boolean isOverdue() {
        return course.isOverdue(now().minusSeconds(nastiness().lateStopSeconds()));
    }

    private Nastiness.Jobs nastiness() {
        return parts.moods().nastiness().jobs();
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
