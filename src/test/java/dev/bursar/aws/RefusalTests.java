package dev.bursar.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;

/** Rule C3, by the texts that were seen: reference/sagemaker.md, 1.2. */
class RefusalTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TAKEN           | 400 | ResourceInUse | Training job names must be unique within an AWS account and region, and a training job with this name already exists (arn:aws:x)
            TAKEN           | 400 | ResourceInUse | A hyperparameter tuning job with the name, X, already exists. Choose a different name.
            TAKEN           | 400 | ValidationException | Cannot create already existing model "arn:x".
            TAKEN           | 400 | ValidationException | Cannot create already existing endpoint "arn:x".
            TAKEN           | 400 | ValidationException | Model Package Group already exists: arn:x
            NOT_FOUND       | 400 | ValidationException | Requested resource not found.
            NOT_FOUND       | 400 | ValidationException | Could not find requested job with name: X
            NOT_FOUND       | 400 | ValidationException | Could not find endpoint "arn:x".
            NOT_FOUND       | 400 | ResourceNotFound | Amazon SageMaker can't find a tuning job X
            FINISHED        | 400 | ValidationException | The request was rejected because the training job is in status Stopped.
            QUOTA_TOO_SMALL | 400 | ResourceLimitExceeded | The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. Please contact AWS support to request an increase for this limit.
            QUOTA           | 400 | ResourceLimitExceeded | The account-level service limit 'ml.m5.large for training job usage' is 4 Instances, with current utilization of 4 Instances and a request delta of 1 Instances.
            QUOTA           | 400 | ResourceLimitExceeded | Some limit in other words
            THROTTLED       | 400 | ThrottlingException | Rate exceeded
            THROTTLED       | 429 | SomethingNew | Too many requests
            INVALID         | 400 | ValidationException | No S3 objects found under S3 URL "s3://b/k" given in input data source.
            INVALID         | 400 | ValidationException | Cannot find the requested image: x
            INVALID         | 400 | ValidationException | 1 validation error detected: Value 'v' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: x
            INVALID         | 400 | SerializationException | Start of structure found where not expected.
            NOT_YET_VISIBLE | 400 | ValidationException | Could not assume role arn:x. Please ensure that the role exists and allows sts:AssumeRole for the service principal
            DENIED          | 400 | AccessDeniedException | User: arn:x is not authorized to perform: sagemaker:CreateTrainingJob
            DENIED          | 403 | SomethingNew | no
            DENIED          | 400 | UnrecognizedClientException | The security token included in the request is invalid.
            DENIED          | 400 | RequestExpired | Request has expired.
            UNKNOWN         | 500 | InternalFailure | The request processing has failed
            UNKNOWN         | 503 | ServiceUnavailable | x
            UNKNOWN         | 408 | RequestTimeout | x
            """)
    void readsCodeAndText(Refusal meaning, int status, String code, String text) {
        var details =
                AwsErrorDetails.builder().errorCode(code).errorMessage(text).build();
        var exception = SageMakerException.builder()
                .awsErrorDetails(details)
                .statusCode(status)
                .build();

        assertThat(Refusal.of((SageMakerException) exception)).isEqualTo(meaning);
    }

    @Test
    void takesNoAnswerForNoKnowledge() {
        assertThat(Refusal.of(SdkClientException.create("read timed out"))).isEqualTo(Refusal.UNKNOWN);
    }

    @Test
    void takesAPageOfHtmlForNoKnowledge() {
        var exception = (SageMakerException)
                SageMakerException.builder().statusCode(500).build();

        assertThat(Refusal.of(exception)).isEqualTo(Refusal.UNKNOWN);
    }
}
