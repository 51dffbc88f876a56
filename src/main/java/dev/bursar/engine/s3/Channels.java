// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.s3;

import dev.bursar.engine.machine.JobFailure;
import dev.bursar.engine.wire.SdkCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.S3DataDistribution;
import software.amazon.awssdk.services.sagemaker.model.S3DataSource;
import software.amazon.awssdk.services.sagemaker.model.S3DataType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Brings the objects of a channel to a host. */
public final class Channels {

    private final ObjectStore store;

    /** An object and the name it gets in the channel's folder. */
    public record Item(S3Location object, String name) {}

    public Channels(ObjectStore store) {
        this.store = store;
    }

    /**
     * Downloads what a source names into a folder.
     *
     * @param number which of the hosts this is, from 0
     * @param hosts how many hosts get data, which matters when it is sharded
     */
    public void download(S3DataSource source, Path folder, int number, int hosts) throws IOException {
        Files.createDirectories(folder);
        var items = items(source);
        if (items.isEmpty()) {
            throw new JobFailure(
                    "ClientError: Data download failed: No S3 objects found under %s".formatted(source.s3Uri()));
        }
        var sharded = source.s3DataDistributionType() == S3DataDistribution.SHARDED_BY_S3_KEY;
        for (int index = 0; index < items.size(); index++) {
            if (!sharded || index % hosts == number) {
                store.download(items.get(index).object(), inside(folder, items.get(index)));
            }
        }
    }

    /** Object keys are free text: none may lead out of the folder. */
    private static Path inside(Path folder, Item item) {
        var file = path(folder, item);
        if (!file.startsWith(folder) || file.equals(folder)) {
            throw new JobFailure("ClientError: Data download failed: the key of %s leads out of the channel's folder"
                    .formatted(item.object()));
        }
        return file;
    }

    private static Path path(Path folder, Item item) {
        try {
            return folder.resolve(item.name()).normalize();
        } catch (InvalidPathException e) {
            throw JobFailure.unstorable(item.object().toString(), e);
        }
    }

    /** The objects a source names, each once. */
    public List<Item> items(S3DataSource source) throws IOException {
        var location = S3Location.parse(source.s3Uri())
                .orElseThrow(() -> new JobFailure("ClientError: not an S3 URI: " + source.s3Uri()));
        return source.s3DataType() == S3DataType.MANIFEST_FILE ? manifest(location) : below(location);
    }

    private List<Item> below(S3Location prefix) {
        return store.keys(prefix).stream()
                .map(key -> new Item(new S3Location(prefix.bucket(), key), prefix.relative(key)))
                .toList();
    }

    /** {@code [{"prefix": "s3://bucket/some/"}, "relative/key", …]}. */
    private List<Item> manifest(S3Location location) throws IOException {
        var file = Files.createTempFile("manifest", ".json");
        try {
            Files.delete(file);
            store.download(location, file);
            var entries = SdkCodec.JSON.readTree(file);
            var prefix = Optional.ofNullable(entries.get(0))
                    .map(first -> first.path("prefix").asString(""))
                    .orElse("");
            var items = new ArrayList<Item>();
            for (JsonNode entry : entries) {
                if (entry.isString()) {
                    var object = S3Location.parse(prefix + entry.stringValue())
                            .orElseThrow(() -> new JobFailure(
                                    "ClientError: the manifest %s must begin with {\"prefix\": \"s3://…\"}"
                                            .formatted(location)));
                    items.add(new Item(object, entry.stringValue()));
                }
            }
            return items.stream().distinct().toList();
        } catch (JacksonException e) {
            throw new JobFailure("ClientError: the manifest %s is not JSON".formatted(location));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
