package dev.bursar.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/**
 * The training jobs: each is SageMaker's own Describe response, kept as JSON in a folder of its own and indexed in
 * memory. What a method has returned is on disk.
 */
final class Jobs {

    private static final Logger log = LoggerFactory.getLogger(Jobs.class);
    private static final String DESCRIPTION = "job.json";

    private final Path folder;
    private final Map<String, DescribeTrainingJobResponse> index = new ConcurrentHashMap<>();

    Jobs(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            try (var children = Files.list(folder)) {
                children.forEach(this::load);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a job unless the name is taken; whether it did. */
    boolean add(DescribeTrainingJobResponse job, Map<String, String> tags) {
        var added = new boolean[1];
        index.computeIfAbsent(job.trainingJobName(), name -> {
            added[0] = true;
            createFolder(name);
            Tags.write(folder(name), tags);
            Durable.write(
                    folder(name).resolve(DESCRIPTION), SdkCodec.encode(job).toString());
            return job;
        });
        return added[0];
    }

    Optional<DescribeTrainingJobResponse> find(String name) {
        return Optional.ofNullable(index.get(name));
    }

    DescribeTrainingJobResponse get(String name) {
        return find(name).orElseThrow(() -> Refusal.validation("Requested resource not found."));
    }

    Collection<DescribeTrainingJobResponse> all() {
        return List.copyOf(index.values());
    }

    /** Changes one job; changes of the same job come one after the other. The change may refuse. */
    DescribeTrainingJobResponse update(String name, UnaryOperator<DescribeTrainingJobResponse> change) {
        var changed = index.computeIfPresent(name, (key, job) -> {
            var next = change.apply(job);
            if (!next.equals(job)) {
                Durable.write(
                        folder(key).resolve(DESCRIPTION), SdkCodec.encode(next).toString());
            }
            return next;
        });
        return orNotFound(changed);
    }

    /** Forgets a job and frees its name; the check may refuse. */
    void remove(String name, Consumer<DescribeTrainingJobResponse> check) {
        get(name);
        index.computeIfPresent(name, (key, job) -> {
            check.accept(job);
            try {
                // Without its description a folder is no job any more, so a crash in the middle does no harm.
                Files.move(
                        folder(key).resolve(DESCRIPTION),
                        folder(key).resolve("deleted.json"),
                        StandardCopyOption.ATOMIC_MOVE);
                Durable.sync(folder(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Durable.delete(folder(key));
            return null;
        });
    }

    Path folder(String name) {
        return folder.resolve(name);
    }

    private void createFolder(String name) {
        try {
            Durable.delete(folder(name));
            Files.createDirectories(folder(name));
            Durable.sync(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(Path child) {
        var file = child.resolve(DESCRIPTION);
        if (!Files.isRegularFile(file)) {
            log.info("folder={} is no complete job: its create was never answered; removing it", child);
            Durable.delete(child);
            return;
        }
        var builder = DescribeTrainingJobResponse.builder();
        SdkCodec.decode(SdkCodec.JSON.readTree(file), builder);
        var job = builder.build();
        index.put(job.trainingJobName(), job);
    }

    private static DescribeTrainingJobResponse orNotFound(@Nullable DescribeTrainingJobResponse job) {
        return Optional.ofNullable(job).orElseThrow(() -> Refusal.validation("Requested resource not found."));
    }
}
