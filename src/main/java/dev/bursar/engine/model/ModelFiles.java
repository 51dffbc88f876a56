// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.model;

import dev.bursar.engine.machine.TarReader;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.s3.ObjectStore;
import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.wire.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.ContainerDefinition;
import software.amazon.awssdk.services.sagemaker.model.ModelCompressionType;

/** Where a container's model lies: an archive, or a folder of files. */
record ModelFiles(S3Location location, boolean isFolder) {

    static Optional<ModelFiles> of(ContainerDefinition container) {
        if (container.modelDataUrl() != null) {
            return Optional.of(new ModelFiles(parsed(container.modelDataUrl()), false));
        }
        var source = container.modelDataSource();
        return source == null || source.s3DataSource() == null
                ? Optional.empty()
                : Optional.of(new ModelFiles(
                        parsed(source.s3DataSource().s3Uri()),
                        source.s3DataSource().compressionType() == ModelCompressionType.NONE));
    }

    boolean exists(ObjectStore store) {
        return isFolder ? store.holdsAny(location) : store.holds(location);
    }

    /** Brings the files of the model to the workspace's model folder. */
    void fetch(ObjectStore store, Workspace workspace) throws IOException {
        if (isFolder) {
            for (var key : store.keys(location)) {
                var file = workspace.model().resolve(location.relative(key)).normalize();
                if (file.startsWith(workspace.model())) {
                    store.download(new S3Location(location.bucket(), key), file);
                }
            }
            return;
        }
        var archive = workspace.tmp().resolve("model.tar.gz");
        store.download(location, archive);
        TarReader.unpack(archive, workspace.model(), location.toString());
        Files.delete(archive);
    }

    private static S3Location parsed(String uri) {
        return S3Location.parse(uri)
                .orElseThrow(() -> Refusal.validation("The model data must begin with s3://, not " + uri));
    }
}
