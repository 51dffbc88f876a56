// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.model;

import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Listing;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.util.List;
import software.amazon.awssdk.services.sagemaker.model.ContainerDefinition;
import software.amazon.awssdk.services.sagemaker.model.ContainerMode;
import software.amazon.awssdk.services.sagemaker.model.CreateModelRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateModelResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteModelRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteModelResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeModelRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeModelResponse;
import software.amazon.awssdk.services.sagemaker.model.ListModelsRequest;
import software.amazon.awssdk.services.sagemaker.model.ModelSummary;

/** The operations on models. */
public final class Models {

    private final Resources<DescribeModelResponse> models;
    private final RunParts parts;

    public Models(RunParts parts) {
        this.models = parts.estate().models();
        this.parts = parts;
    }

    public void register(Operations operations) {
        operations
                .on("SageMaker.CreateModel", CreateModelRequest::builder, request -> create(request.build()))
                .on(
                        "SageMaker.DescribeModel",
                        DescribeModelRequest::builder,
                        request -> models.get(request.build().modelName()))
                .list(
                        "SageMaker.ListModels",
                        ListModelsRequest::builder,
                        new Listing<>(models, "Models", SdkCodec.summary(ModelSummary.builder()), "CreationTime", true)
                                ::answer)
                .on("SageMaker.DeleteModel", DeleteModelRequest::builder, request -> {
                    models.remove(request.build().modelName(), model -> {});
                    return DeleteModelResponse.builder().build();
                });
    }

    private CreateModelResponse create(CreateModelRequest request) {
        var arn = parts.estate().kinds().arn(models.kind(), request.modelName());
        if (models.find(request.modelName()).isPresent()) {
            throw alreadyExists(arn);
        }
        var container = checked(only(request));
        var model = SdkCodec.copy(request, DescribeModelResponse.builder())
                .modelArn(arn)
                .creationTime(parts.clock().instant())
                .enableNetworkIsolation(Boolean.TRUE.equals(request.enableNetworkIsolation()))
                .deploymentRecommendation(recommendation -> recommendation
                        .recommendationStatus("NOT_APPLICABLE")
                        .realTimeInferenceRecommendations(List.of()));
        var complete = request.hasContainers()
                ? model.containers(container).build()
                : model.primaryContainer(container).build();
        if (!models.add(complete, Tags.map(request.tags()))) {
            throw alreadyExists(arn);
        }
        return CreateModelResponse.builder().modelArn(arn).build();
    }

    /** The container of a model. */
    public static ContainerDefinition container(DescribeModelResponse model) {
        return model.primaryContainer() == null ? model.containers().get(0) : model.primaryContainer();
    }

    private static ContainerDefinition only(CreateModelRequest request) {
        if (request.containers().size() > 1) {
            throw Refusal.validation("Inference pipelines (several Containers) are not offered by this engine.");
        }
        if ((request.primaryContainer() == null) == request.containers().isEmpty()) {
            throw Refusal.validation("Exactly one of PrimaryContainer and Containers must be given.");
        }
        return request.primaryContainer() == null ? request.containers().get(0) : request.primaryContainer();
    }

    private ContainerDefinition checked(ContainerDefinition container) {
        if (container.mode() == ContainerMode.MULTI_MODEL) {
            throw Refusal.validation("Mode MultiModel is not offered by this engine.");
        }
        if (container.modelPackageName() != null) {
            throw Refusal.validation("ModelPackageName is not offered by this engine.");
        }
        if (container.image() == null) {
            throw Refusal.validation("Container image must be specified.");
        }
        var source = ModelFiles.of(container);
        source.filter(data -> !data.exists(parts.store())).ifPresent(missing -> {
            throw Refusal.validation("Could not find model data at %s.".formatted(missing.location()));
        });
        var filled = container.toBuilder().mode(ContainerMode.SINGLE_MODEL);
        source.ifPresent(data -> filled.modelDataSource(
                model -> model.s3DataSource(s3 -> s3.s3Uri(data.location().toString())
                        .s3DataType(data.isFolder() ? "S3Prefix" : "S3Object")
                        .compressionType(data.isFolder() ? "None" : "Gzip"))));
        return filled.build();
    }

    private static Refusal alreadyExists(String arn) {
        return Refusal.validation("Cannot create already existing model \"%s\".".formatted(arn));
    }
}
