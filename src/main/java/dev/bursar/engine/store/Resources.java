// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.wire.SdkCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The resources of one kind: each is SageMaker's own Describe response, kept as JSON in a folder of its own and indexed
 * in memory. What a method has returned is on disk.
 */
public final class Resources<D extends SdkPojo> {

    private static final Logger log = LoggerFactory.getLogger(Resources.class);
    private static final String DESCRIPTION = "job.json";

    private final Path folder;
    private final Kind<D> kind;
    private final Map<String, D> index = new ConcurrentHashMap<>();
    private final SortedNames names = new SortedNames();
    private final Bell changes = new Bell();

    Resources(Path folder, Kind<D> kind) {
        this.folder = folder;
        this.kind = kind;
        try {
            Files.createDirectories(folder);
            try (var children = Files.list(folder)) {
                children.forEach(this::load);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a resource unless the name is taken; whether it did. */
    public boolean add(D job, Map<String, String> tags) {
        var added = new boolean[1];
        index.computeIfAbsent(kind.name(job), name -> {
            added[0] = true;
            createFolder(name);
            if (!tags.isEmpty()) {
                Tags.write(folder(name), tags);
            }
            write(name, job);
            syncFolder();
            names.add(name, kind.creationTime(job));
            return job;
        });
        return added[0];
    }

    public Optional<D> find(String name) {
        return Optional.ofNullable(index.get(name));
    }

    public D get(String name) {
        return find(name).orElseThrow(() -> kind.unknown().apply(name));
    }

    public Collection<D> all() {
        return List.copyOf(index.values());
    }

    /** The names in the order of a member, unless it is one that changes. */
    Optional<NavigableSet<SortKey>> sorted(String member) {
        return names.by(member);
    }

    /** Changes one resource; changes of the same one come one after the other. The change may refuse. */
    public D update(String name, UnaryOperator<D> change) {
        var changed = index.computeIfPresent(name, (key, job) -> {
            var next = change.apply(job);
            if (!next.equals(job)) {
                write(key, next);
            }
            return next;
        });
        if (changed == null) {
            throw kind.unknown().apply(name);
        }
        changes.ring();
        return changed;
    }

    /** Forgets a resource and frees its name; the check may refuse. */
    public void remove(String name, Consumer<D> check) {
        get(name);
        index.computeIfPresent(name, (key, job) -> {
            check.accept(job);
            try {
                // Without its description a folder is no resource any more, so a crash in the middle does no harm.
                Files.move(
                        folder(key).resolve(DESCRIPTION),
                        folder(key).resolve("deleted.json"),
                        StandardCopyOption.ATOMIC_MOVE);
                Durable.sync(folder(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Durable.delete(folder(key));
            names.remove(key, kind.creationTime(job));
            return null;
        });
    }

    /** Rings when one of them has changed. */
    public Bell changes() {
        return changes;
    }

    public Kind<D> kind() {
        return kind;
    }

    /** The folder of the resource with that ARN. */
    Optional<Path> folderOf(String arn) {
        return find(arn.substring(arn.lastIndexOf('/') + 1))
                .filter(resource -> kind.arn(resource).equals(arn))
                .map(resource -> folder(kind.name(resource)));
    }

    public Path folder(String name) {
        return folder.resolve(name);
    }

    private void createFolder(String name) {
        try {
            Durable.delete(folder(name));
            Files.createDirectories(folder(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, D resource) {
        Durable.write(
                folder(name).resolve(DESCRIPTION), SdkCodec.encode(resource).toString());
    }

    private void syncFolder() {
        try {
            Durable.sync(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(Path child) {
        var file = child.resolve(DESCRIPTION);
        if (!Files.isRegularFile(file)) {
            log.info("folder={} is no complete resource: its create was never answered; removing it", child);
            Durable.delete(child);
            return;
        }
        var resource = kind.reader().apply(SdkCodec.JSON.readTree(file));
        index.put(kind.name(resource), resource);
        names.add(kind.name(resource), kind.creationTime(resource));
    }
}
