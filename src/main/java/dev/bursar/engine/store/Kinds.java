// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.wire.Account;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointConfigResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeModelResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;

/** The kinds of resources, and how SageMaker says of each that there is none of that name. */
public final class Kinds {

    private final String arnPrefix;

    Kinds(Account account) {
        this.arnPrefix = account.arns("sagemaker");
    }

    Kind<DescribeTrainingJobResponse> training() {
        return new Kind<>(
                "TrainingJob",
                "training-job",
                json -> SdkCodec.decode(json, DescribeTrainingJobResponse.builder())
                        .build(),
                name -> Refusal.validation("Requested resource not found."));
    }

    Kind<DescribeProcessingJobResponse> processing() {
        return new Kind<>(
                "ProcessingJob",
                "processing-job",
                json -> SdkCodec.decode(json, DescribeProcessingJobResponse.builder())
                        .build(),
                name -> Refusal.validation("Could not find requested job with name: " + name));
    }

    Kind<DescribeTransformJobResponse> transform() {
        return new Kind<>(
                "TransformJob",
                "transform-job",
                json -> SdkCodec.decode(json, DescribeTransformJobResponse.builder())
                        .build(),
                name -> Refusal.validation("Could not find requested job with name: " + name));
    }

    Kind<DescribeHyperParameterTuningJobResponse> tuning() {
        return new Kind<>(
                "HyperParameterTuningJob",
                "hyper-parameter-tuning-job",
                json -> SdkCodec.decode(json, DescribeHyperParameterTuningJobResponse.builder())
                        .build(),
                name -> new Refusal(new WireError(
                        400,
                        "ResourceNotFound",
                        "Amazon SageMaker can't find a tuning job with the name %s.".formatted(name))));
    }

    Kind<DescribeModelResponse> models() {
        return new Kind<>(
                "Model",
                "model",
                json -> SdkCodec.decode(json, DescribeModelResponse.builder()).build(),
                name -> notFound("model", "model/" + name));
    }

    Kind<DescribeEndpointConfigResponse> configs() {
        return new Kind<>(
                "EndpointConfig",
                "endpoint-config",
                json -> SdkCodec.decode(json, DescribeEndpointConfigResponse.builder())
                        .build(),
                name -> notFound("endpoint configuration", "endpoint-config/" + name));
    }

    Kind<DescribeEndpointResponse> endpoints() {
        return new Kind<>(
                "Endpoint",
                "endpoint",
                json -> SdkCodec.decode(json, DescribeEndpointResponse.builder())
                        .build(),
                name -> notFound("endpoint", "endpoint/" + name));
    }

    /** The ARN of a resource of any kind. */
    public String arn(Kind<?> kind, String name) {
        return arnPrefix + kind.path() + "/" + name;
    }

    private Refusal notFound(String what, String path) {
        return Refusal.validation("Could not find %s \"%s%s\".".formatted(what, arnPrefix, path));
    }
}
