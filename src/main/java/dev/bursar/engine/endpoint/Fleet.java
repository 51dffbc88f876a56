// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.model.ModelServer;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.wire.SdkCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.ContainerDefinition;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;

/** The processes of one deployment of an endpoint, one per variant, and what they were made from. */
final class Fleet {

    private final Path folder;
    private final Map<String, ModelServer> servers = new LinkedHashMap<>();

    /** A variant and its container as they were when the fleet was made: neither config nor model need still exist. */
    record Member(ProductionVariant variant, ContainerDefinition container) {}

    private Fleet(Path folder) {
        this.folder = folder;
    }

    /** Starts all variants of a configuration. */
    static Fleet start(String endpoint, Path folder, List<Member> members, RunParts parts) throws IOException {
        Files.createDirectories(folder);
        var plan = SdkCodec.JSON.createArrayNode();
        members.forEach(member -> {
            var json = plan.addObject();
            json.set("variant", SdkCodec.encode(member.variant()));
            json.set("container", SdkCodec.encode(member.container()));
        });
        Durable.write(folder.resolve("plan.json"), plan.toString());
        var fleet = new Fleet(folder);
        for (var member : members) {
            var name = member.variant().variantName();
            fleet.servers.put(
                    name, ModelServer.start(endpoint, folder.resolve(name), member.container(), Map.of(), parts));
        }
        return fleet;
    }

    /** The processes an earlier engine left in a folder. */
    static Fleet adopt(Path folder) {
        var fleet = new Fleet(folder);
        members(folder)
                .forEach(member -> fleet.servers.put(
                        member.variant().variantName(),
                        ModelServer.adopt(folder.resolve(member.variant().variantName()))));
        return fleet;
    }

    static List<Member> members(Path folder) {
        var members = new ArrayList<Member>();
        var file = folder.resolve("plan.json");
        if (Files.exists(file)) {
            SdkCodec.JSON
                    .readTree(file)
                    .forEach(json -> members.add(new Member(
                            SdkCodec.decode(json.path("variant"), ProductionVariant.builder())
                                    .build(),
                            SdkCodec.decode(json.path("container"), ContainerDefinition.builder())
                                    .build())));
        }
        return members;
    }

    Path folder() {
        return folder;
    }

    List<Member> members() {
        return members(folder);
    }

    Optional<ModelServer> server(String variant) {
        return Optional.ofNullable(servers.get(variant));
    }

    /** The first variant that does not answer its ping. */
    Optional<String> unready() {
        return servers.entrySet().stream()
                .filter(server -> !server.getValue().isReady())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    boolean hasLost() {
        return servers.values().stream().anyMatch(server -> server.exitCode().isPresent());
    }

    void mark(Instant now) {
        servers.values().forEach(server -> server.mark(now));
    }

    /** Ends the processes; their logs stay, their models need not. */
    void stop() {
        servers.forEach((variant, server) -> {
            server.stop();
            Durable.delete(folder.resolve(variant).resolve("opt"));
        });
    }
}
