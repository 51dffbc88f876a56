// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import dev.bursar.engine.cloudwatch.InvocationMetrics;
import dev.bursar.engine.container.Programs;
import dev.bursar.engine.machine.Enclosure;
import dev.bursar.engine.nastiness.Moods;
import dev.bursar.engine.run.Hosts;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.run.Runs;
import dev.bursar.engine.s3.ObjectStore;
import dev.bursar.engine.s3.S3Server;
import dev.bursar.engine.store.Estate;
import dev.bursar.engine.walls.Walls;
import dev.bursar.engine.wire.Front;
import dev.bursar.engine.wire.RequestLog;
import dev.bursar.engine.wire.Signature;
import dev.bursar.engine.xgboost.WarmJvms;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stand-in for SageMaker in this JVM, reachable over HTTP like the original. */
public final class Engine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final EngineSettings settings;
    private @Nullable URI endpoint;
    private @Nullable URI s3Endpoint;
    private @Nullable Enclosure enclosure;

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

    /** Why children are not kept from everything that is not their own, where they are not. */
    public Optional<String> unconfined() {
        var around = opened(enclosure);
        return around.stands() ? Optional.empty() : Optional.of(around.situation());
    }

    /** What keeps them, or why nothing does. */
    public String confinement() {
        return opened(enclosure).situation();
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
        var requests = held(new RequestLog(settings.folder().resolve("requests.log"), settings.clock()));
        var s3 = held(S3Server.start(settings.folder().resolve("s3"), settings.s3Port(), settings.keys()));
        s3Endpoint = s3.endpoint();
        var store = held(new ObjectStore(s3.endpoint(), settings.region(), settings.keys()));
        var runs = held(new Runs());
        for (var name : List.of("serve.py", "walls.sh", "init.sh", "become.sh")) {
            script(settings.folder(), name);
        }
        var parts = runParts(store, runs);
        var metrics = held(new InvocationMetrics(settings.folder().resolve("invocations.log")));
        var services = new Services(parts, metrics);
        var front = held(new Front(
                settings.port(),
                services.protocols(),
                new Signature(settings.accessKeyId(), settings.secretAccessKey()),
                requests));
        endpoint = URI.create("http://127.0.0.1:" + front.port());
        services.resume();
        front.start();
        log.info("engine endpoint={} s3={} folder={}", endpoint, s3Endpoint, settings.folder());
    }

    private RunParts runParts(ObjectStore store, Runs runs) throws IOException {
        var folder = settings.folder().toAbsolutePath();
        var programs = new Programs(store, folder, settings.childMemoryMb());
        var child = childScript(folder);
        var around = enclosure(folder);
        enclosure = around;
        return new RunParts(
                folder,
                settings.account(),
                settings.clock(),
                settings.childMemoryMb(),
                Estate.in(folder, settings.account()),
                new Hosts(settings.hosts()),
                store,
                programs,
                child,
                around,
                held(new WarmJvms(folder, child, programs.jvm(), around)),
                runs,
                new Moods(folder, settings.clock()));
    }

    private Enclosure enclosure(Path folder) {
        var wish = settings.confinement();
        return wish.wanted()
                ? Walls.raise(folder, wish.readable(), wish.hidden(), settings.childMemoryMb())
                : Walls.without("It is switched off.");
    }

    /** The child's script must outlive this JVM and its jar. */
    private static Path childScript(Path folder) throws IOException {
        return script(folder, "child.sh");
    }

    private static Path script(Path folder, String name) throws IOException {
        var script = folder.resolve(name);
        try (var in = Engine.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the class path");
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

    private <P extends AutoCloseable> P held(P part) {
        parts.push(part);
        return part;
    }

    private static <P> P opened(@Nullable P part) {
        if (part == null) {
            throw new IllegalStateException("the engine is not open");
        }
        return part;
    }
}
