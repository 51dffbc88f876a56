// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.wire.Account;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointConfigResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeModelResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;

/** Everything the engine keeps, kind by kind. */
public record Estate(
        Kinds kinds,
        Resources<DescribeTrainingJobResponse> training,
        Resources<DescribeProcessingJobResponse> processing,
        Resources<DescribeTransformJobResponse> transform,
        Resources<DescribeHyperParameterTuningJobResponse> tuning,
        Resources<DescribeModelResponse> models,
        Resources<DescribeEndpointConfigResponse> configs,
        Resources<DescribeEndpointResponse> endpoints) {

    public static Estate in(Path folder, Account account) {
        var kinds = new Kinds(account);
        return new Estate(
                kinds,
                new Resources<>(folder.resolve("jobs"), kinds.training()),
                new Resources<>(folder.resolve("processing"), kinds.processing()),
                new Resources<>(folder.resolve("transform"), kinds.transform()),
                new Resources<>(folder.resolve("tuning"), kinds.tuning()),
                new Resources<>(folder.resolve("models"), kinds.models()),
                new Resources<>(folder.resolve("configs"), kinds.configs()),
                new Resources<>(folder.resolve("endpoints"), kinds.endpoints()));
    }

    /** The folder of a resource of any kind. */
    Optional<Path> folder(String arn) {
        return all().stream()
                .flatMap(resources -> resources.folderOf(arn).stream())
                .findFirst();
    }

    /** Resources of all kinds. */
    public List<Resources<?>> all() {
        return List.of(training, processing, transform, tuning, models, configs, endpoints);
    }
}
