// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

import dev.bursar.engine.s3.ObjectStore;
import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.wire.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.CompressionType;
import software.amazon.awssdk.services.sagemaker.model.CreateTransformJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DataProcessing;
import software.amazon.awssdk.services.sagemaker.model.JoinSource;
import software.amazon.awssdk.services.sagemaker.model.S3DataType;
import software.amazon.awssdk.services.sagemaker.model.SplitType;

/** What CreateTransformJob refuses beyond the limits of the service model. */
final class TransformRules {

    private static final int PRODUCT = 100;

    private TransformRules() {}

    /** The role is the one that the model's container would have. */
    static void check(CreateTransformJobRequest request, ObjectStore store, @Nullable String role) {
        var input = request.transformInput();
        if (input.splitType() == SplitType.RECORD_IO || input.splitType() == SplitType.TF_RECORD) {
            throw Refusal.validation("SplitType %s is not offered by this engine.".formatted(input.splitType()));
        }
        if (input.compressionType() == CompressionType.GZIP) {
            throw Refusal.validation("CompressionType Gzip is not offered by this engine.");
        }
        if (request.dataCaptureConfig() != null) {
            throw Refusal.validation("DataCaptureConfig is not offered by this engine.");
        }
        check(request.dataProcessing() == null ? DataProcessing.builder().build() : request.dataProcessing());
        var concurrent = Optional.ofNullable(request.maxConcurrentTransforms()).orElse(0);
        var payload = Optional.ofNullable(request.maxPayloadInMB()).orElse(0);
        if (concurrent * payload > PRODUCT) {
            throw Refusal.validation("MaxConcurrentTransforms * MaxPayloadInMB must be at most %d MB, not %d * %d."
                    .formatted(PRODUCT, concurrent, payload));
        }
        if (S3Location.parse(request.transformOutput().s3OutputPath()).isEmpty()) {
            throw Refusal.validation("The S3OutputPath must begin with s3://, not "
                    + request.transformOutput().s3OutputPath());
        }
        var source = input.dataSource().s3DataSource();
        if (source.s3DataType() != S3DataType.S3_PREFIX && source.s3DataType() != S3DataType.MANIFEST_FILE) {
            throw Refusal.validation(
                    "S3DataType %s is not offered by this engine.".formatted(source.s3DataTypeAsString()));
        }
        store.requireAny(source.s3Uri(), role);
    }

    private static void check(DataProcessing processing) {
        var filters = !Optional.ofNullable(processing.inputFilter()).orElse("$").equals("$")
                || !Optional.ofNullable(processing.outputFilter()).orElse("$").equals("$");
        if (filters || processing.joinSource() == JoinSource.INPUT) {
            throw Refusal.validation("DataProcessing (filters, join) is not offered by this engine.");
        }
    }
}
