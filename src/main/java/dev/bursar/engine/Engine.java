package dev.bursar.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.sagemaker.model.AddTagsRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteTagsRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.ListTagsRequest;
import software.amazon.awssdk.services.sagemaker.model.ListTrainingJobsRequest;
import software.amazon.awssdk.services.sagemaker.model.StopTrainingJobRequest;

/** A stand-in for SageMaker in this JVM, reachable over HTTP like the original. */
public final class Engine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final EngineSettings settings;
    private @Nullable URI endpoint;
    private @Nullable URI s3Endpoint;

    private Engine(EngineSettings settings) {
        this.settings = settings;
    }

    /** Starts an engine and takes up the jobs that an earlier one left in the folder. */
    public static Engine start(EngineSettings settings) {
        var engine = new Engine(settings);
        try {
            engine.open();
            return engine;
        } catch (IOException e) {
            engine.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Where SageMaker, CloudWatch Logs and STS answer. */
    public URI endpoint() {
        return opened(endpoint);
    }

    /** Where S3 answers, path style. */
    public URI s3Endpoint() {
        return opened(s3Endpoint);
    }

    /** Ends within seconds: processes are stopped and their jobs fail saying so; waiting jobs keep waiting on disk. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                log.warn("a part of the engine did not close properly; the others are closed all the same", e);
            }
        }
    }

    private void open() throws IOException {
        Files.createDirectories(settings.folder());
        parts.push(lock(settings.folder()));
        var requests = opened(new RequestLog(settings.folder().resolve("requests.log"), settings.clock()));
        var s3 = opened(S3Server.start(settings));
        s3Endpoint = s3.endpoint();
        var store = opened(new ObjectStore(s3.endpoint(), settings));
        var jobs = new Jobs(settings.folder().resolve("jobs"));
        var runs = opened(new TrainingRuns(runParts(jobs, store)));
        var front = opened(new Front(
                settings.port(),
                operations(jobs, runs, store),
                new Signature(settings.accessKeyId(), settings.secretAccessKey()),
                new CallerIdentity(settings.accountId()),
                requests));
        endpoint = URI.create("http://127.0.0.1:" + front.port());
        runs.resume();
        front.start();
        log.info("engine endpoint={} s3={} folder={}", endpoint, s3Endpoint, settings.folder());
    }

    private RunParts runParts(Jobs jobs, ObjectStore store) throws IOException {
        var folder = settings.folder().toAbsolutePath();
        return new RunParts(
                folder,
                settings.clock(),
                jobs,
                new Hosts(settings.hosts()),
                store,
                new Programs(store, settings),
                childScript(folder),
                settings.region(),
                new AtomicBoolean());
    }

    private Operations operations(Jobs jobs, TrainingRuns runs, ObjectStore store) {
        var training = new TrainingJobs(jobs, runs, new CreateRules(store, settings.region()), settings);
        var operations = new Operations();
        operations
                .on(
                        "SageMaker.CreateTrainingJob",
                        CreateTrainingJobRequest::builder,
                        request -> training.create(request.build()))
                .on(
                        "SageMaker.DescribeTrainingJob",
                        DescribeTrainingJobRequest::builder,
                        request -> training.describe(request.build()))
                .on(
                        "SageMaker.ListTrainingJobs",
                        ListTrainingJobsRequest::builder,
                        request -> new TrainingJobList(jobs).list(request.build()))
                .on(
                        "SageMaker.StopTrainingJob",
                        StopTrainingJobRequest::builder,
                        request -> training.stop(request.build()))
                .on(
                        "SageMaker.DeleteTrainingJob",
                        DeleteTrainingJobRequest::builder,
                        request -> training.delete(request.build()));
        addTags(operations, new Tags(jobs));
        addLogs(operations, new LogEvents(jobs, settings));
        return operations;
    }

    private static void addTags(Operations operations, Tags tags) {
        operations
                .on("SageMaker.AddTags", AddTagsRequest::builder, request -> tags.add(request.build()))
                .on("SageMaker.ListTags", ListTagsRequest::builder, request -> tags.list(request.build()))
                .on("SageMaker.DeleteTags", DeleteTagsRequest::builder, request -> tags.delete(request.build()));
    }

    private static void addLogs(Operations operations, LogEvents logs) {
        operations
                .on(
                        "Logs_20140328.DescribeLogStreams",
                        DescribeLogStreamsRequest::builder,
                        request -> logs.describe(request.build()))
                .on("Logs_20140328.GetLogEvents", GetLogEventsRequest::builder, request -> logs.get(request.build()));
    }

    /** The child's script must outlive this JVM and its jar. */
    private static Path childScript(Path folder) throws IOException {
        var script = folder.resolve("child.sh");
        try (var in = Engine.class.getResourceAsStream("child.sh")) {
            if (in == null) {
                throw new IOException("child.sh is missing from the class path");
            }
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        return script;
    }

    /** Two engines on one folder would run the same jobs twice. */
    private static FileLockHolder lock(Path folder) throws IOException {
        var channel =
                FileChannel.open(folder.resolve("engine.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock != null) {
                return new FileLockHolder(channel, lock);
            }
        } catch (OverlappingFileLockException e) {
            log.debug("locked by this JVM", e);
        }
        channel.close();
        throw new IOException("another engine is running on the folder " + folder);
    }

    private record FileLockHolder(FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            lock.release();
            channel.close();
        }
    }

    private <P extends AutoCloseable> P opened(P part) {
        parts.push(part);
        return part;
    }

    private static URI opened(@Nullable URI uri) {
        if (uri == null) {
            throw new IllegalStateException("the engine is not open");
        }
        return uri;
    }
}
