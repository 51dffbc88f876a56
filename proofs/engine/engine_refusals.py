"""The rest of docs/engine-errors.csv, as parts of the walk of engine_suite.py: requests that no client would send, schedules
that really fire, refusals of what the engine does not offer, the nastiness, and jobs and endpoints that fail."""

import contextlib
import gzip
import hashlib
import hmac
import http.client
import json
import re
import tarfile
import time
import urllib.parse

from common import until
from engine_alone import IMAGE, OTHER_IMAGE, REGION, RESOURCES, ROLE, archive, channel, processing, script, tuning, xgboost

SAGEMAKER = "application/x-amz-json-1.1"
YESTERDAY = 24 * 60 * 60
INTEGERS = "IntegerParameterRanges"
CONTINUOUS = "ContinuousParameterRanges"


def stamp(seconds):
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def member(damage=b"", **fields):
    """A tar.gz with the header of one member, whose size may be unreadable."""
    info = tarfile.TarInfo("x.sh")
    for name, value in fields.items():
        setattr(info, name, value)
    header = info.tobuf(tarfile.GNU_FORMAT)
    return gzip.compress(header[:124] + damage + header[124 + len(damage):] + b"\0" * 1024)


class Raw:
    """A client that signs as it is told, rightly or wrongly."""

    def __init__(self, engine):
        self.engine = engine

    def send(self, target, body=b"{}", method="POST", path="/", service="sagemaker", at=0.0, scope_at=None, headers=None,
             kind=SAGEMAKER):
        """Status, code and message of the answer; `at` is how many seconds from now it is signed."""
        signed = stamp(time.time() + at)
        given = {"Host": f"127.0.0.1:{self.engine.port}", "Content-Type": kind}
        if target:
            given["X-Amz-Target"] = target
        if headers is None:
            given["X-Amz-Date"] = signed
            day = stamp(time.time() + at + (scope_at or 0.0))[:8]
            given["Authorization"] = self.authorization(given, method, path, body, signed, day, service)
        else:
            given.update(headers)
        connection = http.client.HTTPConnection("127.0.0.1", self.engine.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return self.told(answer.status, answer.getheader("x-amzn-ErrorType"), answer.read().decode())

    @staticmethod
    def told(status, header, text):
        if text.startswith("<"):
            return status, re.search("<Code>(.*)</Code>", text)[1], re.search("<Message>(.*)</Message>", text)[1]
        found = json.loads(text or "{}")
        return status, header or found.get("__type"), found.get("message") or found.get("Message")

    def authorization(self, headers, method, path, body, signed, day, service):
        access, secret = self.engine.keys
        names = sorted(name.lower() for name in headers)
        values = {name.lower(): value for name, value in headers.items()}
        canonical = "\n".join([method, path, "", *(f"{name}:{values[name]}" for name in names), "", ";".join(names),
                               hashlib.sha256(body).hexdigest()])
        scope = f"{day}/{REGION}/{service}/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", signed, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + secret).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
        return f"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"


class Refusals:
    """Each method is a part of the walk; `suite` calls, judges and counts."""

    def __init__(self, suite, bucket):
        self.suite, self.bucket = suite, bucket
        self.raw = Raw(suite.engine)
        self.s3 = suite.client("s3")

    def refused(self, operation, code, text, *request, **more):
        """A request that no client would send."""
        _, found, message = self.raw.send(*request, **more)
        self.suite.mistakes["raw", operation] += 1
        self.suite.judge_error(operation, code, text, found, message)

    def sm(self, operation, text, code="ValidationException", **parameters):
        self.suite.bad("sagemaker", operation, code, text, **parameters)

    def nasty(self, **settings):
        status, code, message = self.raw.send("", json.dumps(settings).encode(), "PUT", "/_engine/nastiness",
                                              kind="application/json")
        self.suite.judge.equal(status, 200, f"the nastiness {settings} is set ({code}: {message})")

    # --- the front

    def front(self):
        listing = "SageMaker.ListTrainingJobs"
        self.refused("ListTrainingJobs", "MissingAuthenticationTokenException", "Missing", listing, headers={})
        self.refused("ListTrainingJobs", "IncompleteSignatureException", "must be AWS4-HMAC-SHA256", listing,
                     headers={"Authorization": "Basic eDp5"})
        access = self.suite.engine.keys[0]
        undated = (f"AWS4-HMAC-SHA256 Credential={access}/{stamp(time.time())[:8]}/{REGION}/sagemaker/aws4_request, "
                   f"SignedHeaders=host, Signature={'0' * 64}")
        self.refused("ListTrainingJobs", "IncompleteSignatureException", "ISO-8601 'basic format'", listing,
                     headers={"Authorization": undated})
        wrong = "InvalidSignatureException"
        self.refused("ListTrainingJobs", wrong, "correct service: 'sagemaker'", listing, service="s3")
        self.refused("ListTrainingJobs", wrong, "Date in Credential scope", listing, scope_at=-YESTERDAY)
        self.refused("ListTrainingJobs", wrong, "Signature expired", listing, at=-1000.0)
        self.refused("ListTrainingJobs", wrong, "Signature not yet current", listing, at=1000.0)
        self.refused("ListTrainingJobs", "SerializationException", "not a JSON object", listing,
                     b"[]")
        self.refused("ListTrainingJobs", "RequestEntityTooLargeException", "longer than", listing, b" " * 10_485_761)
        form = urllib.parse.urlencode({"Action": "ListMetrics", "Version": "2010-08-01"}).encode()
        self.refused("ListMetrics", "InvalidAction", "CloudWatch here has", "", form, service="monitoring",
                     kind="application/x-www-form-urlencoded")
        self.refused("PatchSchedule", "UnknownOperationException", "has no PATCH", "", b"{}", "PATCH", "/schedules/x",
                     service="scheduler")
        self.suite.bad("sagemaker-runtime", "InvokeEndpointAsync", "UnknownOperationException", "it has InvokeEndpoint",
                       EndpointName="x", InputLocation="s3://b/k")
        nastiness, path = "SetNastiness", "/_engine/nastiness"
        self.refused(nastiness, "ValidationException", "no nastiness", "", b'{"mood": 1}', "PUT", path)
        self.refused(nastiness, "ValidationException", "not a JSON object", "", b"{", "PUT", path)
        self.refused(nastiness, "ValidationException", "can be read with GET", "", b"{}", "POST", path)

    # --- EventBridge Scheduler

    @staticmethod
    def schedule(operation="stopTrainingJob", expression="rate(1 minute)", given="{}", **more):
        return {"ScheduleExpression": expression, "FlexibleTimeWindow": {"Mode": "OFF"}, **more, "Target": {
            "Arn": f"arn:aws:scheduler:::aws-sdk:sagemaker:{operation}", "RoleArn": ROLE, "Input": given}}

    def scheduler(self):
        """One schedule stops a training job, one deletes an endpoint's configuration, both for the engine to see."""
        suite = self.suite
        suite.ok("sagemaker", "CreateTrainingJob", **script("suite-scheduled", self.bucket, 100))
        soon = time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime(time.time() + 3))
        suite.ok("scheduler", "CreateSchedule", Name="stop", ActionAfterCompletion="DELETE", **self.schedule(
            expression=soon, given=json.dumps({"TrainingJobName": "suite-scheduled"})))
        suite.ok("scheduler", "GetSchedule", Name="stop")
        suite.ended("describe_training_job", "TrainingJobName", "suite-scheduled", "TrainingJobStatus", "Stopped")
        until("the schedule that has fired is gone", lambda: self.is_gone("stop"), 20)

        suite.ok("sagemaker", "CreateModel", ModelName="scheduled", ExecutionRoleArn=ROLE, PrimaryContainer={
            "Image": IMAGE, "ModelDataUrl": f"s3://{self.bucket}/models/suite-1/output/model.tar.gz"})
        delete = self.schedule("deleteModel", given='{"ModelName": "scheduled"}')
        suite.ok("scheduler", "CreateSchedule", Name="delete", State="DISABLED", Description="off", **delete)
        answer = suite.ok("scheduler", "GetSchedule", Name="delete")
        suite.judge.equal(answer["State"], "DISABLED", "the state of the schedule")
        suite.ok("sagemaker", "DescribeModel", ModelName="scheduled")
        suite.ok("scheduler", "UpdateSchedule", Name="delete", State="ENABLED", **delete)
        until("the model that a schedule deletes is gone", lambda: not suite.client("sagemaker").list_models(
            NameContains="scheduled")["Models"], 20)
        suite.judge.equal(suite.ok("scheduler", "GetSchedule", Name="delete")["State"], "ENABLED", "the state updated")
        self.scheduler_mistakes()
        suite.ok("scheduler", "DeleteSchedule", Name="delete")
        suite.bad("scheduler", "GetSchedule", "ResourceNotFoundException", "does not exist", Name="delete")

    def is_gone(self, name):
        client = self.suite.client("scheduler")
        try:
            client.get_schedule(Name=name)
            return False
        except client.exceptions.ResourceNotFoundException:
            return True

    def scheduler_mistakes(self):
        bad, taken, invalid = self.suite.bad, "ConflictException", "ValidationException"
        bad("scheduler", "CreateSchedule", taken, "already exists", Name="delete", **self.schedule())
        for operation, name in (("CreateSchedule", "x"), ("UpdateSchedule", "delete")):
            bad("scheduler", operation, invalid, "Invalid Schedule Expression", Name=name,
                **self.schedule(expression="rate(0 days)"))
            bad("scheduler", operation, invalid, "is not offered by this engine", Name=name,
                **{**self.schedule(), "Target": {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:f", "RoleArn": ROLE}})
            bad("scheduler", operation, invalid, "must be a JSON object", Name=name, **self.schedule(given="no"))
            bad("scheduler", operation, invalid, "Member must not be null", Name=name)
            bad("scheduler", operation, invalid, "ScheduleExpressionTimezone", Name=name,
                **self.schedule(ScheduleExpressionTimezone="Mars/Phobos"))
            bad("scheduler", operation, invalid, "groups other than default", Name=name, GroupName="mine", **self.schedule())
        bad("scheduler", "UpdateSchedule", "ResourceNotFoundException", "does not exist", Name="nobody", **self.schedule())
        for operation in ("GetSchedule", "DeleteSchedule"):
            bad("scheduler", operation, "ResourceNotFoundException", "Schedule nobody does not exist", Name="nobody")
            bad("scheduler", operation, invalid, "regular expression", Name="no name")
            bad("scheduler", operation, invalid, "length less than or equal to 64", Name="n" * 65)
            bad("scheduler", operation, invalid, "groups other than default", Name="delete", GroupName="mine")

    # --- what the engine does not offer, and what SageMaker would not take

    def not_offered(self):
        self.no_training()
        self.no_processing()
        self.no_tuning()
        self.no_hosting()
        self.no_transform()
        self.no_looking()

    def no_training(self):
        plain, name = xgboost("x", self.bucket), "CreateTrainingJob"
        for member in ({"DebugRuleConfigurations": [{"RuleConfigurationName": "r", "RuleEvaluatorImage": "i"}]},
                       {"TensorBoardOutputConfig": {"S3OutputPath": "s3://b/t"}},
                       {"ServerlessJobConfig": {"BaseModelArn": "arn:aws:sagemaker:us-east-1:aws:hub-content/h/Model/m/1.0.0",
                                                "JobType": "FineTuning"}},
                       {"AlgorithmSpecification": {**plain["AlgorithmSpecification"], "AlgorithmName": "mine"}},
                       {"AlgorithmSpecification": {**plain["AlgorithmSpecification"], "ContainerEntrypoint": ["sh"]}},
                       {"ResourceConfig": {**RESOURCES, "InstanceGroups": [
                           {"InstanceType": "ml.m5.large", "InstanceCount": 1, "InstanceGroupName": "g"}]}}):
            self.sm(name, "is not offered by this engine.", **{**plain, **member})

        def input(**change):
            return {**plain, "InputDataConfig": [{**channel("train", f"s3://{self.bucket}/train/"), **change}]}

        self.sm(name, "only S3DataSource", **input(DataSource={"FileSystemDataSource": {
            "FileSystemId": "fs-0123456789a", "FileSystemAccessMode": "ro", "FileSystemType": "EFS", "DirectoryPath": "/"}}))
        self.sm(name, "S3DataType AugmentedManifestFile", **input(DataSource={"S3DataSource": {
            "S3DataType": "AugmentedManifestFile", "S3Uri": f"s3://{self.bucket}/train/"}}))
        self.sm(name, "Pipe mode is not offered", **input(InputMode="Pipe"))
        self.sm(name, "must begin with s3://", **{**plain, "OutputDataConfig": {"S3OutputPath": "https://x/y"}})
        self.sm(name, "greater than or equal to MaxRuntimeInSeconds", **{
            **plain, "StoppingCondition": {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 30},
            "EnableManagedSpotTraining": True})
        self.sm(name, "only supported when EnableManagedSpotTraining", **{
            **plain, "StoppingCondition": {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 90}})
        self.sm(name, "Map keys must satisfy constraint", **{**plain, "Environment": {"1": "x"}})

    def no_processing(self):
        name, job = "CreateProcessingJob", processing("x", "exit 0")
        source = {"S3Uri": f"s3://{self.bucket}/features/", "LocalPath": "/opt/ml/processing/in", "S3DataType": "S3Prefix",
                  "S3InputMode": "File"}

        def given(**one):
            return {**job, "ProcessingInputs": [{"InputName": "in", **one}]}

        def made(**one):
            return {**job, "ProcessingOutputConfig": {"Outputs": [{"OutputName": "out", **one}]}}

        self.sm(name, "must begin with s3://", **given(S3Input={**source, "S3Uri": "https://x/y"}))
        self.sm(name, "Gzip is supported only in Pipe mode", **given(S3Input={**source, "S3CompressionType": "Gzip"}))
        self.sm(name, "has no S3Input", **given())
        self.sm(name, "DatasetDefinition is not offered", **given(DatasetDefinition={"LocalPath": "/opt/ml/processing/d"}))
        self.sm(name, "FeatureStoreOutput is not offered", **made(FeatureStoreOutput={"FeatureGroupName": "g"}))
        self.sm(name, "has no S3Output", **made())

    def no_tuning(self):
        name, job = "CreateHyperParameterTuningJob", tuning("x", self.bucket)
        config = job["HyperParameterTuningJobConfig"]

        def changed(**change):
            return {**job, "HyperParameterTuningJobConfig": {**config, **change}}

        def ranges(**kinds):
            return changed(ParameterRanges=kinds)

        def one(kind=INTEGERS, low="1", high="2", **more):
            return ranges(**{kind: [{"Name": "max_depth", "MinValue": low, "MaxValue": high, **more}]})

        definition = job["TrainingJobDefinition"]
        self.sm(name, "TrainingJobDefinitions is not offered", **job, TrainingJobDefinitions=[definition])
        self.sm(name, "WarmStartConfig is not offered", **job, WarmStartConfig={
            "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "p"}], "WarmStartType": "TransferLearning"})
        self.sm(name, "Autotune is not offered", **job, Autotune={"Mode": "Enabled"})
        self.sm(name, "TrainingJobDefinition must be given", **{k: v for k, v in job.items() if k != "TrainingJobDefinition"})
        self.sm(name, "EarlyStoppingType Auto is not offered", **changed(TrainingJobEarlyStoppingType="Auto"))
        self.sm(name, "HyperParameterTuningJobObjective must be given", **{**job, "HyperParameterTuningJobConfig": {
            k: v for k, v in config.items() if k != "HyperParameterTuningJobObjective"}})
        self.sm(name, "ConvergenceDetected is not offered", **changed(
            TuningJobCompletionCriteria={"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}}))
        self.sm(name, "AutoParameters is not offered", **ranges(AutoParameters=[{"Name": "eta", "ValueHint": "0.1"}]))
        self.sm(name, "must be unique", **ranges(**{INTEGERS: [
            {"Name": "max_depth", "MinValue": "1", "MaxValue": "2"}] * 2}))
        kinds = {kind: [{"Name": f"{kind}{n}", "MinValue": "1", "MaxValue": "2"} for n in range(16)]
                 for kind in (INTEGERS, CONTINUOUS)}
        self.sm(name, "At most 30 hyperparameters", **ranges(**kinds))
        self.sm(name, "is not one of numbers", **one(low="a"))
        self.sm(name, "is not finite", **one(CONTINUOUS, "1", "Infinity"))
        self.sm(name, "Logarithmic scaling", **one(low="0", ScalingType="Logarithmic"))
        self.sm(name, "ReverseLogarithmic scaling", **one(ScalingType="ReverseLogarithmic"))
        self.sm(name, "MaxNumberOfTrainingJobs must be given", **changed(ResourceLimits={"MaxParallelTrainingJobs": 1}))
        self.sm(name, "the number of combinations of the grid", **changed(
            Strategy="Grid", ResourceLimits={"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 1},
            ParameterRanges={"CategoricalParameterRanges": [{"Name": "booster", "Values": ["gbtree", "dart"]}]}))

    def no_hosting(self):
        container = {"Image": IMAGE, "ModelDataUrl": f"s3://{self.bucket}/models/suite-1/output/model.tar.gz"}

        def model(**change):
            return {"ModelName": "x", "ExecutionRoleArn": ROLE, "PrimaryContainer": {**container, **change}}

        self.sm("CreateModel", "Inference pipelines", ModelName="x", ExecutionRoleArn=ROLE, Containers=[container] * 2)
        self.sm("CreateModel", "ModelPackageName is not offered", **model(ModelPackageName="p"))
        self.sm("CreateModel", "image must be specified", ModelName="x", ExecutionRoleArn=ROLE,
                PrimaryContainer={"ModelDataUrl": container["ModelDataUrl"]})
        self.sm("CreateModel", "must begin with s3://", **model(ModelDataUrl="https://x/m.tar.gz"))

        variant = {"VariantName": "one", "ModelName": "suite-m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        name, config = "CreateEndpointConfig", {"EndpointConfigName": "x", "ProductionVariants": [variant]}
        for member in ({"ShadowProductionVariants": [{**variant, "VariantName": "two"}]},
                       {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://b/o"}}},
                       {"DataCaptureConfig": {"InitialSamplingPercentage": 1, "DestinationS3Uri": "s3://b/c",
                                              "CaptureOptions": [{"CaptureMode": "Input"}]}},
                       {"ExplainerConfig": {}}):
            self.sm(name, "is not offered by this engine.", **config, **member)
        self.sm(name, "inference components are not", EndpointConfigName="x", ProductionVariants=[{"VariantName": "one"}])
        self.sm(name, "must have either InstanceType", EndpointConfigName="x",
                ProductionVariants=[{"VariantName": "one", "ModelName": "suite-m"}])
        self.suite.ok("sagemaker", name, EndpointConfigName="suite-canary", ProductionVariants=[variant])
        canary = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {
            "Type": "CANARY", "WaitIntervalInSeconds": 60, "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1}}}}
        for operation in ("CreateEndpoint", "UpdateEndpoint"):
            self.sm(operation, "other than BlueGreenUpdatePolicy", EndpointName="x", EndpointConfigName="suite-canary",
                    DeploymentConfig=canary)
        self.suite.bad("sagemaker-runtime", "InvokeEndpoint", "RequestEntityTooLargeException", "longer than 6291456",
                       EndpointName="x", Body=b" " * 6_291_457)

    def no_transform(self):
        name, source = "CreateTransformJob", {"S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/features/"}

        def job(input=None, output=None, data=None, **more):
            return {"TransformJobName": "x", "ModelName": "suite-m",
                    "TransformInput": {"DataSource": {"S3DataSource": {**source, **(data or {})}}, **(input or {})},
                    "TransformOutput": {"S3OutputPath": f"s3://{self.bucket}/t", **(output or {})},
                    "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1}, **more}

        self.sm(name, "SplitType RecordIO is not offered", **job({"SplitType": "RecordIO"}))
        self.sm(name, "CompressionType Gzip is not offered", **job({"CompressionType": "Gzip"}))
        self.sm(name, "DataCaptureConfig is not offered", **job(DataCaptureConfig={"DestinationS3Uri": "s3://b/c"}))
        self.sm(name, "DataProcessing (filters, join)", **job(DataProcessing={"InputFilter": "$[1:]"}))
        self.sm(name, "must begin with s3://", **job(output={"S3OutputPath": "https://x/y"}))
        self.sm(name, "S3DataType AugmentedManifestFile", **job(data={"S3DataType": "AugmentedManifestFile"}))

    def no_looking(self):
        twice = [{"Name": "TrainingJobName", "Operator": "Contains", "Value": value} for value in "ab"]
        self.sm("Search", "operator usage limit", Resource="TrainingJob", SearchExpression={"Filters": twice})
        cloudwatch, now = "cloudwatch", time.time()
        self.suite.bad(cloudwatch, "GetMetricData", "ValidationError", "MetricDataQueries is required", StartTime=now - 60,
                       EndTime=now)
        self.suite.bad(cloudwatch, "GetMetricData", "ValidationError", "Expression is not offered", StartTime=now - 60,
                       EndTime=now, MetricDataQueries=[{"Id": "a", "Expression": "1"}])
        body = json.dumps({"StartTime": "soon", "EndTime": now, "MetricDataQueries": [
            {"Id": "n", "MetricStat": {"Metric": {"Namespace": "AWS/SageMaker", "MetricName": "Invocations"}, "Period": 60,
                                       "Stat": "Sum"}}]}).encode()
        self.refused("GetMetricData", "ValidationError", "must be a time", "GraniteServiceVersion20100801.GetMetricData", body,
                     service="monitoring", kind="application/x-amz-json-1.0")

    # --- the nastiness

    def nastiness(self):
        large = "ml.m5.4xlarge"
        model = {"VariantName": "one", "ModelName": "suite-m", "InstanceType": large, "InitialInstanceCount": 1}
        self.suite.ok("sagemaker", "CreateEndpointConfig", EndpointConfigName="suite-large", ProductionVariants=[model])
        limits = {f"{kind} for {use} usage": 0 for kind in (large, "ml.m5.large")
                  for use in ("training job", "processing job", "transform job", "endpoint")}
        self.nasty(jobs={"quotas": limits})
        resources = {**RESOURCES, "InstanceType": large}
        over = "ResourceLimitExceeded"
        self.sm("CreateTrainingJob", "'ml.m5.4xlarge for training job usage' is 0 Instances", over,
                **{**xgboost("x", self.bucket), "ResourceConfig": resources})
        self.sm("CreateProcessingJob", "'ml.m5.large for processing job usage'", over, **processing("x", "exit 0"))
        self.sm("CreateTransformJob", "'ml.m5.4xlarge for transform job usage'", over, TransformJobName="x",
                ModelName="suite-m", TransformResources={"InstanceType": large, "InstanceCount": 2},
                TransformOutput={"S3OutputPath": f"s3://{self.bucket}/t"}, TransformInput={"DataSource": {"S3DataSource": {
                    "S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/features/"}}})
        self.sm("CreateEndpoint", "'ml.m5.4xlarge for endpoint usage'", over, EndpointName="x",
                EndpointConfigName="suite-large")
        self.sm("UpdateEndpoint", "'ml.m5.4xlarge for endpoint usage'", over, EndpointName="suite-e",
                EndpointConfigName="suite-large")
        self.sm("UpdateEndpointWeightsAndCapacities", "a request delta of 2 Instances", over, EndpointName="suite-e",
                DesiredWeightsAndCapacities=[{"VariantName": "one", "DesiredInstanceCount": 3}])
        self.nasty(calls={"throttlingRate": 1})
        self.sm("ListModels", "Rate exceeded", "ThrottlingException")
        self.nasty(calls={"errorBeforeRate": 1})
        self.sm("ListModels", "We encountered an internal error. Please try again.", "InternalFailure")
        self.nasty(jobs={"capacityErrorRate": 1})
        self.suite.ok("sagemaker", "CreateTrainingJob", **script("suite-capacity", self.bucket))
        self.fails("training job", "suite-capacity", "CapacityError")
        self.nasty()

    # --- what fails once it runs

    JOBS = {"training job": ("describe_training_job", "TrainingJobName", "TrainingJobStatus"),
            "processing job": ("describe_processing_job", "ProcessingJobName", "ProcessingJobStatus"),
            "transform job": ("describe_transform_job", "TransformJobName", "TransformJobStatus"),
            "tuning job": ("describe_hyper_parameter_tuning_job", "HyperParameterTuningJobName",
                           "HyperParameterTuningJobStatus"),
            "endpoint": ("describe_endpoint", "EndpointName", "EndpointStatus")}

    def fails(self, kind, name, text):
        describe, member, status = self.JOBS[kind]
        self.suite.ended(describe, member, name, status, "Failed")
        reason = getattr(self.suite.client("sagemaker"), describe)(**{member: name}).get("FailureReason", "")
        self.suite.failures[kind] += 1
        self.suite.judge_error(kind, "FailureReason", text, "FailureReason", reason)

    def failures(self):
        awaited = [*self.failing_xgboost(), *self.failing_scripts(), *self.failing_processing()]
        for kind, name, text in awaited:
            self.fails(kind, name, text)
        for part in (self.failing_hosting, self.failing_tuning, self.failing_without_model):
            for kind, name, text in list(part()):
                self.fails(kind, name, text)
        self.sm("UpdateEndpoint", "in status Failed; it can only be deleted", EndpointName="suite-image",
                EndpointConfigName="suite-canary")

    def train(self, name, **change):
        job = xgboost(name, self.bucket, 3)
        del job["InputDataConfig"][1]
        self.suite.ok("sagemaker", "CreateTrainingJob", **{**job, **change})

    def failing_xgboost(self):
        rows = self.s3.get_object(Bucket=self.bucket, Key="train/train.csv")["Body"].read().decode().splitlines()
        count = rows[0].count(",")
        for key, text in (("header/h.csv", "\n".join(["label" + ",f" * count, *rows])),
                          ("label/l.csv", "\n".join([rows[0], "7" + rows[1][1:]]) + "\n"),
                          ("manifest/none.json", "no manifest"), ("manifest/bare.json", '["train/train.csv"]')):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=text.encode())
        base = xgboost("x", self.bucket, 3)["HyperParameters"]
        for name, text, more in (
                ("colour", "Extraneous hyperparameter found: colour", {"colour": "red"}),
                ("metric", "cannot evaluate the metric", {"eval_metric": "accuracy"}),
                ("kfold", "does not do cross-validation", {"_kfold": "5"}),
                ("aft", "does not do survival:aft", {"objective": "survival:aft", "eval_metric": "aft-nloglik"}),
                ("says", "XGBoost says", {"monotone_constraints": "(" + ",".join(["1"] * 40) + ")"})):
            self.train(f"suite-{name}", HyperParameters={**base, **more})
            yield "training job", f"suite-{name}", text
        train = channel("train", f"s3://{self.bucket}/train/")
        for name, text, channels in (
                ("titles", "is not 'CSV' format", [channel("train", f"s3://{self.bucket}/header/")]),
                ("label", "does not fit objective", [channel("train", f"s3://{self.bucket}/label/")]),
                ("parquet", "does not read the content type", [{**train, "ContentType": "application/x-parquet"}]),
                ("png", "is not an accepted ContentType", [{**train, "ContentType": "image/png"}]),
                ("two-labels", "must have label_size=1", [{**train, "ContentType": "text/csv;label_size=2"}]),
                ("channel", "is not one of train, validation, code", [{**train, "ChannelName": "extra"}]),
                ("no-train", "Missing required input channel: train", [{**train, "ChannelName": "validation"}]),
                ("no-manifest", "is not JSON", [self.manifest("none")]),
                ("bare-manifest", "must begin with", [self.manifest("bare")])):
            self.train(f"suite-{name}", InputDataConfig=channels)
            yield "training job", f"suite-{name}", text
        self.train("suite-nowhere", OutputDataConfig={"S3OutputPath": "s3://no-such-bucket/out"})
        yield "training job", "suite-nowhere", "Artifact upload failed"

    def manifest(self, name):
        return {**channel("train", "s3://"), "DataSource": {"S3DataSource": {
            "S3DataType": "ManifestFile", "S3Uri": f"s3://{self.bucket}/manifest/{name}.json"}}}

    def failing_scripts(self):
        for name, text, code in (
                ("raises", "ExecuteUserScriptError", archive(train__py="raise ValueError('no such column')")),
                ("told", "AlgorithmError: too few rows, exit code: 9", archive(train__py=(
                    "import os, sys\nopen(os.environ['SM_OUTPUT_DIR'] + '/failure', 'w').write('too few rows')\nsys.exit(9)"))),
                ("requires", "InstallRequirementsError", archive(train__py="", requirements__txt="./missing\n")),
                ("absent", "(hyperparameter sagemaker_program) is not in", archive(main__py="")),
                ("outside", "would lie outside the code folder", archive(**{"____/____/____/evil__sh": "exit 0"})),
                ("link", "links are not unpacked", member(type=tarfile.SYMTYPE, linkname="/etc/hostname")),
                ("pipe", "is neither a file nor a folder", member(type=tarfile.FIFOTYPE)),
                ("header", "has a header of", member(type=tarfile.GNUTYPE_LONGNAME, size=2 << 20)),
                ("damaged", "no readable size", member(damage=b"?")),
                ("no-tar", "is not a tar.gz archive", b"no archive")):
            key = f"code/{name}.tar.gz"
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=code)
            job = script(f"suite-{name}", self.bucket)
            job["HyperParameters"]["sagemaker_submit_directory"] = f"s3://{self.bucket}/{key}"
            self.suite.ok("sagemaker", "CreateTrainingJob", **job)
            yield "training job", f"suite-{name}", text
        job = script("suite-directory", self.bucket)
        job["HyperParameters"]["sagemaker_submit_directory"] = "/opt/ml/code"
        self.suite.ok("sagemaker", "CreateTrainingJob", **job)
        yield "training job", "suite-directory", "sagemaker_submit_directory must be"
        self.suite.ok("sagemaker", "CreateTrainingJob", **{
            **script("suite-other", self.bucket), "HyperParameters": {"epochs": "1"}})
        yield "training job", "suite-other", "The engine cannot run the image"

    def failing_processing(self):
        bytes_out = "printf '\\377' > /opt/ml/output/message; exit 1"
        app = {"ImageUri": OTHER_IMAGE}
        for name, text, more in (
                ("exits", "exit code: 3", processing("suite-exits", "echo the end; exit 3")),
                ("words", "is not UTF-8", processing("suite-words", bytes_out)),
                ("no-entry", "give a ContainerEntrypoint", {**processing("suite-no-entry", ""), "AppSpecification": app}),
                ("no-program", "The engine found no", {**processing("suite-no-program", ""), "AppSpecification": {
                    **app, "ContainerEntrypoint": ["no-such-program"]}}),
                ("no-input", "No S3 objects found under", {**processing("suite-no-input", "exit 0"), "ProcessingInputs": [
                    {"InputName": "in", "S3Input": {"S3Uri": f"s3://{self.bucket}/nothing/", "S3DataType": "S3Prefix",
                                                    "LocalPath": "/opt/ml/processing/in", "S3InputMode": "File"}}]})):
            self.suite.ok("sagemaker", "CreateProcessingJob", **more)
            yield "processing job", f"suite-{name}", text

    def failing_hosting(self):
        for name, files in (("image", {"weight": "2"}), ("ping", {"code/inference__py": "raise ImportError('gone')"}),
                            ("script", {"code/other__py": ""}),
                            ("bad", {"code/inference__py": "def model_fn(d):\n  return 0\n"
                                     "def transform_fn(m, b, c, a):\n  raise ValueError('bad input')"})):
            key = f"models/suite-{name}.tar.gz"
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=archive(**files))
            self.suite.ok("sagemaker", "CreateModel", ModelName=f"suite-{name}", ExecutionRoleArn=ROLE, PrimaryContainer={
                "Image": OTHER_IMAGE, "ModelDataUrl": f"s3://{self.bucket}/{key}"})
        self.suite.ok("sagemaker", "CreateModel", ModelName="suite-output", ExecutionRoleArn=ROLE, PrimaryContainer={
            "Image": IMAGE, "ModelDataUrl": f"s3://{self.bucket}/models/suite-1/output/model.tar.gz",
            "Environment": {"SAGEMAKER_INFERENCE_OUTPUT": "probability"}})
        for name, text in (("image", "The engine cannot serve with the image"), ("ping", "did not pass the ping health"),
                           ("script", "The script inference.py is not in"),
                           ("output", "SAGEMAKER_INFERENCE_OUTPUT is not offered")):
            self.suite.ok("sagemaker", "CreateEndpointConfig", EndpointConfigName=f"suite-{name}", ProductionVariants=[
                {"VariantName": "one", "ModelName": f"suite-{name}", "InstanceType": "ml.m5.large",
                 "InitialInstanceCount": 1}])
            self.suite.ok("sagemaker", "CreateEndpoint", EndpointName=f"suite-{name}", EndpointConfigName=f"suite-{name}")
            yield "endpoint", f"suite-{name}", text
        for name, text in (("bad", "1 of 1 objects failed"), ("ping", "did not pass the ping health check"),
                           ("image", "The engine cannot serve with the image")):
            self.suite.ok("sagemaker", "CreateTransformJob", TransformJobName=f"suite-{name}", ModelName=f"suite-{name}",
                          ModelClientConfig={"InvocationsMaxRetries": 0},
                          TransformInput={"DataSource": {"S3DataSource": {
                              "S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/features/"}}},
                          TransformOutput={"S3OutputPath": f"s3://{self.bucket}/bad"},
                          TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1})
            yield "transform job", f"suite-{name}", text

    def failing_without_model(self):
        """The model goes while the transform job waits for hosts, all of which another job has."""
        busy = processing("suite-busy", "exec sleep 100")
        busy["ProcessingResources"]["ClusterConfig"]["InstanceCount"] = 4
        self.suite.ok("sagemaker", "CreateProcessingJob", **busy)
        self.suite.ok("sagemaker", "CreateTransformJob", TransformJobName="suite-gone", ModelName="suite-bad",
                      TransformInput={"DataSource": {"S3DataSource": {
                          "S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/features/"}}},
                      TransformOutput={"S3OutputPath": f"s3://{self.bucket}/gone"},
                      TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1})
        self.suite.ok("sagemaker", "DeleteModel", ModelName="suite-bad")
        self.suite.ok("sagemaker", "StopProcessingJob", ProcessingJobName="suite-busy")
        yield "transform job", "suite-gone", "The model suite-bad is gone"

    def failing_tuning(self):
        job = tuning("suite-fails", self.bucket, trials=8)
        job["TrainingJobDefinition"]["StaticHyperParameters"]["colour"] = "red"
        self.suite.ok("sagemaker", "CreateHyperParameterTuningJob", **job)
        yield "tuning job", "suite-fails", "No training job succeeded after 5 attempts"
