// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sagemaker.model.AddTagsRequest;
import software.amazon.awssdk.services.sagemaker.model.AddTagsResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteTagsRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteTagsResponse;
import software.amazon.awssdk.services.sagemaker.model.ListTagsRequest;
import software.amazon.awssdk.services.sagemaker.model.ListTagsResponse;
import software.amazon.awssdk.services.sagemaker.model.Tag;

/** Tags of resources of all kinds, in a file beside the resource. */
public final class Tags {

    private static final int LIMIT = 50;

    private final Estate estate;

    public Tags(Estate estate) {
        this.estate = estate;
    }

    public void register(Operations operations) {
        operations
                .on("SageMaker.AddTags", AddTagsRequest::builder, request -> add(request.build()))
                .on("SageMaker.ListTags", ListTagsRequest::builder, request -> list(request.build()))
                .on("SageMaker.DeleteTags", DeleteTagsRequest::builder, request -> delete(request.build()));
    }

    static void write(Path jobFolder, Map<String, String> tags) {
        Durable.write(
                jobFolder.resolve("tags.json"), SdkCodec.JSON.valueToTree(tags).toString());
    }

    public static Map<String, String> map(List<Tag> tags) {
        var map = new LinkedHashMap<String, String>();
        tags.forEach(tag -> map.put(tag.key(), tag.value()));
        return map;
    }

    synchronized AddTagsResponse add(AddTagsRequest request) {
        var folder = folder(request.resourceArn());
        var tags = read(folder);
        tags.putAll(map(request.tags()));
        if (tags.size() > LIMIT) {
            throw new Refusal(new WireError(
                    400,
                    "ResourceLimitExceeded",
                    "A resource can have %d tags, not %d.".formatted(LIMIT, tags.size())));
        }
        write(folder, tags);
        return AddTagsResponse.builder().tags(tags(tags)).build();
    }

    synchronized DeleteTagsResponse delete(DeleteTagsRequest request) {
        var folder = folder(request.resourceArn());
        var tags = read(folder);
        tags.keySet().removeAll(request.tagKeys());
        write(folder, tags);
        return DeleteTagsResponse.builder().build();
    }

    /** All tags in one page: a resource has at most as many as the smallest page holds. */
    synchronized ListTagsResponse list(ListTagsRequest request) {
        return ListTagsResponse.builder()
                .tags(tags(read(folder(request.resourceArn()))))
                .build();
    }

    private Path folder(String arn) {
        return estate.folder(arn).orElseThrow(() -> Refusal.validation("Requested resource not found."));
    }

    public static Map<String, String> read(Path jobFolder) {
        var tags = new LinkedHashMap<String, String>();
        var file = jobFolder.resolve("tags.json");
        if (Files.exists(file)) {
            SdkCodec.JSON
                    .readTree(file)
                    .properties()
                    .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString("")));
        }
        return tags;
    }

    public static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
