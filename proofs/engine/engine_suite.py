#!/usr/bin/env python3
"""Boto3 walks every operation, happy path and at least three mistakes each. Every answer is held
against botocore's service model by a walk of our own (members, types, required, enums, patterns, ranges); every error must
be a row of docs/engine-errors.csv that is meant for its operation, and the one that was expected.

    proofs/run engine_suite [--verbose]
    proofs/run engine_suite --control     answers are spoilt on their way to the judge; must go red
"""

import argparse
import collections
import csv
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

from common import ROOT, Judge, begin, until
from engine_alone import RESOURCES, ROLE, Alone, channel, fill, processing, script, tuning, xgboost
from engine_refusals import Refusals

from botocore.exceptions import ClientError

BUCKET = "suite"
AT_LEAST = 3
ELSEWHERE = ("InvokeEndpoint", "GetMetricData", "CreateSchedule", "UpdateSchedule", "GetSchedule", "DeleteSchedule",
             "GetCallerIdentity")


class Errors:
    """The documented errors. In a text, … stands for anything."""

    def __init__(self):
        with (ROOT / "docs/engine-errors.csv").open() as file:
            self.rows = list(csv.DictReader(file))
        for row in self.rows:
            row["pattern"] = re.compile(".*".join(map(re.escape, row["text"].split("…"))), re.DOTALL)
            row["here"] = 0

    def row(self, operation, code, text):
        """A row that names the operation goes before one that is for any, one that says more before one that says less."""
        fitting = sorted((row for row in self.rows if row["code"] == code and row["pattern"].fullmatch(text)),
                         key=lambda row: -len(row["text"]))
        named = [row for row in fitting if operation in row["operation"].split(", ")]
        general = [row for row in fitting if row["operation"].startswith("any")]
        found = next(iter(named + general), None)
        if found:
            found["here"] += 1
        return found

    def judge(self, judge):
        """Counts rows by where they are seen; what a row says of it must be true."""
        count = collections.Counter()
        for row in self.rows:
            name = f"{row['operation']}: {row['case']}"
            if row["seen"] == "suite":
                judge.expect(row["here"], f"{name} ({row['text']}) was not seen")
                count["here"] += bool(row["here"])
            elif row["seen"].startswith("no: "):
                count["nowhere"] += 1
            else:
                test, method = row["seen"].split(".")
                source = next((ROOT / "src/test/java").rglob(f"{test}.java"), None)
                judge.expect(source and f"void {method}(" in source.read_text(), f"{name}: there is no {row['seen']}")
                count["in Java"] += 1
            count["assumed"] += row["source"] == "assumed"
            judge.expect(row["source"] and row["case"], f"{name} has no case or source")
        return count


def walk(shape, value, path, found):
    """What in a raw JSON value is not as the model has it."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            found.append(f"{path} is no structure: {value!r}")
            return
        for member in shape.required_members:
            if value.get(member) is None:
                found.append(f"{path}.{member} is required and missing")
        for name, one in value.items():
            if name in shape.members:
                walk(shape.members[name], one, f"{path}.{name}", found)
            elif name != "ResponseMetadata":
                found.append(f"{path}.{name} is no member of {shape.name}")
    elif kind == "list":
        if not isinstance(value, list):
            found.append(f"{path} is no list: {value!r}")
            return
        size(shape, len(value), path, found)
        for index, one in enumerate(value):
            walk(shape.member, one, f"{path}[{index}]", found)
    elif kind == "map":
        if not isinstance(value, dict):
            found.append(f"{path} is no map: {value!r}")
            return
        for name, one in value.items():
            walk(shape.key, name, f"{path} key", found)
            walk(shape.value, one, f"{path}.{name}", found)
    elif kind == "string":
        if not isinstance(value, str):
            found.append(f"{path} is no string: {value!r}")
            return
        size(shape, len(value), path, found)
        if shape.enum and value not in shape.enum:
            found.append(f"{path} is {value!r}, none of {shape.enum[:6]}")
        pattern = shape.metadata.get("pattern")
        if pattern:
            try:
                # Java's \p{…} is not Python's.
                right = "\\p" in pattern or re.fullmatch(pattern, value)
            except re.error:
                right = True
            if not right:
                found.append(f"{path} is {value!r}, not {pattern}")
    elif kind in ("integer", "long"):
        if not isinstance(value, int) or isinstance(value, bool):
            found.append(f"{path} is no {kind}: {value!r}")
        else:
            size(shape, value, path, found)
    elif kind in ("float", "double"):
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            found.append(f"{path} is no {kind}: {value!r}")
    elif kind == "boolean":
        if not isinstance(value, bool):
            found.append(f"{path} is no boolean: {value!r}")
    elif kind == "blob":
        if not isinstance(value, (str, bytes)):
            found.append(f"{path} is no blob: {value!r}")
    elif kind == "timestamp":
        if isinstance(value, bool) or not (isinstance(value, (int, float)) or hasattr(value, "year")):
            found.append(f"{path} is no timestamp: {value!r}")


def size(shape, number, path, found):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and number < low or high is not None and number > high:
        found.append(f"{path}: {number} is not in {low}..{high}")


class Suite:

    def __init__(self, engine, judge, control, verbose):
        self.engine, self.judge, self.control, self.verbose = engine, judge, control, verbose
        self.errors = Errors()
        self.good, self.mistakes = collections.Counter(), collections.Counter()
        self.failures = collections.Counter()
        self.clients, self.raw = {}, {}

    def client(self, service):
        if service not in self.clients:
            client = self.engine.client(service, parameter_validation=False)
            client.meta.events.register("before-parse", self.keep)
            self.clients[service] = client
        return self.clients[service]

    def keep(self, operation_model, response_dict, **_):
        body = response_dict["body"]
        if self.control and isinstance(body, bytes) and body[:1] == b"{":
            body = (body.replace(b'"Completed"', b'"Complete"').replace(b'Arn":"arn:', b'Arn":"urn:')
                    .replace(b'"message":"', b'"message":"Sorry. ').replace(b'"CreationTime":', b'"MadeAt":'))
            response_dict["body"] = body
        self.raw[operation_model.name] = body

    def call(self, service, operation, parameters):
        client = self.client(service)
        method = next(m for m, o in client.meta.method_to_api_mapping.items() if o == operation)
        return getattr(client, method)(**parameters)

    def ok(self, service, operation, **parameters):
        self.good[service, operation] += 1
        try:
            answer = self.call(service, operation, parameters)
        except Exception as e:
            self.judge.expect(False, f"{operation}: {e}"[:600])
            raise
        model = self.client(service).meta.service_model
        shape = model.operation_model(operation).output_shape
        found = []
        body = self.raw.get(operation, b"")
        if service in ("sagemaker", "logs"):
            if shape is not None:
                walk(shape, json.loads(body or b"{}"), operation, found)
            elif body not in (b"", b"{}"):
                found.append(f"{operation} has no output, but answered {body[:80]!r}")
        elif shape is not None:
            # A body that streams is no part of what can be walked.
            walk(shape, {k: "" if hasattr(v, "read") else v for k, v in answer.items() if k != "ResponseMetadata"},
                 operation, found)
        self.judge.expect(not found, f"{operation}: " + "; ".join(found[:6]))
        if self.verbose:
            print(f"  {operation}: ok")
        return answer

    def bad(self, service, operation, code, text, client=None, **parameters):
        """The text is what must be in the error's."""
        self.mistakes[service, operation] += 1
        try:
            if client is None:
                self.call(service, operation, parameters)
            else:
                method = next(m for m, o in client.meta.method_to_api_mapping.items() if o == operation)
                getattr(client, method)(**parameters)
        except ClientError as e:
            error = e.response["Error"]
            self.judge_error(operation, code, text, error["Code"], error["Message"], service != "s3")
        except Exception as e:
            self.judge.expect(False, f"{operation}({text!r}): {type(e).__name__}: {e}"[:500])
        else:
            self.judge.expect(False, f"{operation}({text!r}) was accepted")

    def judge_error(self, operation, code, text, found, message, is_documented=True):
        where = f"{operation}({text!r})"
        self.judge.expect(found == code and text in message, f"{where}: {found}: {message[:400]}, not {code}")
        if is_documented:
            row = self.errors.row(operation, found, message)
            self.judge.expect(row, f"{where}: no row of engine-errors.csv for {found}: {message[:400]}")

    # --- mistakes that many operations have in common

    def name_mistakes(self, operation, member, unknown_code, unknown_text):
        self.bad("sagemaker", operation, "ValidationException", "Member must not be null")
        self.bad("sagemaker", operation, "ValidationException", "Member must satisfy regular expression pattern",
                 **{member: "-no_name"})
        self.bad("sagemaker", operation, unknown_code, unknown_text, **{member: "nobody"})

    def list_mistakes(self, operation, **more):
        self.bad("sagemaker", operation, "ValidationException", "greater than or equal to 1", MaxResults=0, **more)
        self.bad("sagemaker", operation, "ValidationException", "Member must satisfy enum value set", SortOrder="Up", **more)
        self.bad("sagemaker", operation, "ValidationException", "Invalid NextToken", NextToken="bm90aGluZw", **more)

    def ended(self, describe, member, name, status, wanted="Completed", seconds=120):
        client = self.client("sagemaker")
        answer = until(f"the end of {name}", lambda: self.ended_now(getattr(client, describe), member, name, status), seconds)
        self.judge.equal(answer[status], wanted, f"{name} ({answer.get('FailureReason', '')})")

    @staticmethod
    def ended_now(describe, member, name, status):
        answer = describe(**{member: name})
        return answer if answer[status] not in ("InProgress", "Stopping", "Creating", "Updating", "Deleting") else None

    # --- the walk

    def run(self):
        self.s3()
        self.front()
        more = Refusals(self, BUCKET)
        for part in (more.front, self.training, self.processing, self.tuning, self.models, self.transform, self.endpoints,
                     self.metrics, more.scheduler, more.not_offered, more.nastiness, more.failures, self.tags, self.search,
                     self.logs):
            try:
                part()
            except Exception as e:
                self.judge.expect(False, f"{part.__name__} broke off: {type(e).__name__}: {e}"[:600])

    def s3(self):
        s3 = self.client("s3")
        fill(s3, BUCKET)
        self.ok("s3", "ListBuckets")
        self.ok("s3", "CreateBucket", Bucket="other")
        self.ok("s3", "PutObject", Bucket="other", Key="a", Body=b"1")
        self.ok("s3", "GetObject", Bucket="other", Key="a")
        self.ok("s3", "HeadObject", Bucket="other", Key="a")
        self.ok("s3", "CopyObject", Bucket="other", Key="b", CopySource="other/a")
        self.ok("s3", "ListObjectsV2", Bucket="other", MaxKeys=1)
        self.ok("s3", "DeleteObject", Bucket="other", Key="a")
        self.ok("s3", "DeleteObjects", Bucket="other", Delete={"Objects": [{"Key": "b"}]})
        self.ok("s3", "DeleteBucket", Bucket="other")
        wrong = self.engine.client("s3", secret="wrong")
        for operation, more in (("GetObject", {"Key": "a"}), ("PutObject", {"Key": "a", "Body": b""}),
                                ("ListObjectsV2", {}), ("DeleteBucket", {})):
            self.bad("s3", operation, "NoSuchBucket", "bucket", Bucket="nowhere", **more)
            self.bad("s3", operation, "SignatureDoesNotMatch", "signature", client=wrong, Bucket=BUCKET, **more)
        self.bad("s3", "GetObject", "NoSuchKey", "key", Bucket=BUCKET, Key="nothing")
        self.bad("s3", "PutObject", "BadDigest", "", Bucket=BUCKET, Key="a", Body=b"a", ContentMD5="A" * 22 + "==")
        self.bad("s3", "DeleteBucket", "BucketNotEmpty", "not empty", Bucket=BUCKET)

    def front(self):
        self.ok("sts", "GetCallerIdentity")
        wrong, stranger = {"secret": "wrong"}, {"access": "AKIAIOSFODNN7EXAMPLE"}
        self.bad("sts", "GetCallerIdentity", "SignatureDoesNotMatch", "does not match", client=self.engine.client("sts", **wrong))
        code = "UnrecognizedClientException"
        self.bad("sts", "GetCallerIdentity", "InvalidClientTokenId", "security token", client=self.engine.client("sts", **stranger))
        self.bad("sts", "GetCallerIdentity", "SignatureDoesNotMatch", "does not match",
                 client=self.engine.client("sts", secret="other"))
        self.bad("sts", "GetSessionToken", "InvalidAction", "Could not find operation")
        self.bad("sagemaker", "ListTrainingJobs", "InvalidSignatureException", "does not match",
                 client=self.engine.client("sagemaker", **wrong))
        self.bad("sagemaker", "ListTrainingJobs", code, "security token", client=self.engine.client("sagemaker", **stranger))
        self.bad("sagemaker", "ListApps", "UnknownOperationException", "has no operation")

    def training(self):
        create = xgboost("suite-1", BUCKET)
        self.ok("sagemaker", "CreateTrainingJob", **create, Tags=[{"Key": "who", "Value": "suite"}])
        self.ok("sagemaker", "DescribeTrainingJob", TrainingJobName="suite-1")
        self.bad("sagemaker", "CreateTrainingJob", "ResourceInUse", "already exists", **create)
        self.bad("sagemaker", "CreateTrainingJob", "ValidationException", "Member must not be null", TrainingJobName="x")
        self.bad("sagemaker", "CreateTrainingJob", "ValidationException", "enum value set",
                 **{**xgboost("x", BUCKET), "ResourceConfig": {**RESOURCES, "InstanceType": "ml.tiny"}})
        self.bad("sagemaker", "CreateTrainingJob", "ValidationException", "No S3 objects found",
                 **{**xgboost("x", BUCKET), "InputDataConfig": [channel("train", f"s3://{BUCKET}/nothing/")]})
        self.bad("sagemaker", "CreateTrainingJob", "ValidationException", "must be at most 2419200",
                 **{**xgboost("x", BUCKET), "StoppingCondition": {"MaxRuntimeInSeconds": 2419201}})
        self.bad("sagemaker", "CreateTrainingJob", "ValidationException", "MaxWaitTimeInSeconds",
                 **xgboost("x", BUCKET), EnableManagedSpotTraining=True)
        self.bad("sagemaker", "CreateTrainingJob", "ValidationException", "Channel names must be unique",
                 **{**xgboost("x", BUCKET), "InputDataConfig": [channel("train", f"s3://{BUCKET}/train/")] * 2})
        self.bad("sagemaker", "CreateTrainingJob", "ValidationException", "is not offered by this engine",
                 **xgboost("x", BUCKET), CheckpointConfig={"S3Uri": f"s3://{BUCKET}/c"})
        self.bad("sagemaker", "CreateTrainingJob", "SerializationException", "cannot be read",
                 **{**xgboost("x", BUCKET), "StoppingCondition": {"MaxRuntimeInSeconds": {}}})
        self.name_mistakes("DescribeTrainingJob", "TrainingJobName", "ValidationException", "Requested resource not found.")
        self.name_mistakes("StopTrainingJob", "TrainingJobName", "ValidationException", "Requested resource not found.")
        self.name_mistakes("DeleteTrainingJob", "TrainingJobName", "ValidationException", "Requested resource not found.")
        self.ok("sagemaker", "CreateTrainingJob", **script("suite-long", BUCKET, 60))
        self.bad("sagemaker", "DeleteTrainingJob", "ResourceInUse", "only a job that has ended", TrainingJobName="suite-long")
        self.ok("sagemaker", "StopTrainingJob", TrainingJobName="suite-long")
        self.ended("describe_training_job", "TrainingJobName", "suite-1", "TrainingJobStatus")
        self.ended("describe_training_job", "TrainingJobName", "suite-long", "TrainingJobStatus", "Stopped")
        self.ok("sagemaker", "DescribeTrainingJob", TrainingJobName="suite-1")
        self.ok("sagemaker", "DescribeTrainingJob", TrainingJobName="suite-long")
        self.bad("sagemaker", "StopTrainingJob", "ValidationException", "is in status", TrainingJobName="suite-1")
        for by in ("Name", "CreationTime", "Status"):
            self.ok("sagemaker", "ListTrainingJobs", SortBy=by, SortOrder="Ascending", MaxResults=1)
        self.ok("sagemaker", "ListTrainingJobs", StatusEquals="Completed", NameContains="suite", MaxResults=100)
        self.list_mistakes("ListTrainingJobs")
        self.ok("sagemaker", "DeleteTrainingJob", TrainingJobName="suite-long")

    def processing(self):
        create = processing("suite-p", "cat /opt/ml/processing/in/features.csv | wc -l > /opt/ml/processing/out/n", **{
            "ProcessingInputs": [{"InputName": "in", "S3Input": {
                "S3Uri": f"s3://{BUCKET}/features/", "LocalPath": "/opt/ml/processing/in", "S3DataType": "S3Prefix",
                "S3InputMode": "File"}}],
            "ProcessingOutputConfig": {"Outputs": [{"OutputName": "out", "S3Output": {
                "S3Uri": f"s3://{BUCKET}/processed", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}}]}})
        self.ok("sagemaker", "CreateProcessingJob", **create)
        self.bad("sagemaker", "CreateProcessingJob", "ResourceInUse", "already exists", **create)
        self.bad("sagemaker", "CreateProcessingJob", "ValidationException", "Member must not be null", ProcessingJobName="x")
        where = create["ProcessingInputs"][0]

        def with_input(**s3):
            return {**create, "ProcessingJobName": "x", "ProcessingInputs": [{**where, "S3Input": {**where["S3Input"], **s3}}]}

        self.bad("sagemaker", "CreateProcessingJob", "ValidationException", "LocalPath must start with",
                 **with_input(LocalPath="/etc"))
        self.bad("sagemaker", "CreateProcessingJob", "ValidationException", "must be unique",
                 **{**create, "ProcessingJobName": "x", "ProcessingInputs": [where, where]})
        self.bad("sagemaker", "CreateProcessingJob", "ValidationException", "Pipe mode is not offered",
                 **with_input(S3InputMode="Pipe"))
        gone = "Could not find requested job with name: nobody"
        self.name_mistakes("DescribeProcessingJob", "ProcessingJobName", "ValidationException", gone)
        self.name_mistakes("StopProcessingJob", "ProcessingJobName", "ValidationException",
                           "Could not find job to update with name: nobody")
        self.name_mistakes("DeleteProcessingJob", "ProcessingJobName", "ValidationException", gone)
        self.ok("sagemaker", "CreateProcessingJob", **processing("suite-sleep", "exec sleep 60"))
        self.bad("sagemaker", "DeleteProcessingJob", "ResourceInUse", "only a job that has ended",
                 ProcessingJobName="suite-sleep")
        self.ok("sagemaker", "StopProcessingJob", ProcessingJobName="suite-sleep")
        self.ended("describe_processing_job", "ProcessingJobName", "suite-p", "ProcessingJobStatus")
        self.ended("describe_processing_job", "ProcessingJobName", "suite-sleep", "ProcessingJobStatus", "Stopped")
        self.judge.equal(self.client("s3").get_object(Bucket=BUCKET, Key="processed/n")["Body"].read().strip(), b"114",
                         "what the processing job wrote")
        self.ok("sagemaker", "DescribeProcessingJob", ProcessingJobName="suite-p")
        self.bad("sagemaker", "StopProcessingJob", "ValidationException", "is in status", ProcessingJobName="suite-p")
        self.ok("sagemaker", "ListProcessingJobs", SortBy="Status", MaxResults=100)
        self.list_mistakes("ListProcessingJobs")
        self.ok("sagemaker", "DeleteProcessingJob", ProcessingJobName="suite-sleep")

    def tuning(self):
        create = tuning("suite-t", BUCKET)
        name = "HyperParameterTuningJobName"
        self.ok("sagemaker", "CreateHyperParameterTuningJob", **create)
        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ResourceInUse", "already exists", **create)

        def config(**more):
            return {**create, name: "x",
                    "HyperParameterTuningJobConfig": {**create["HyperParameterTuningJobConfig"], **more}}

        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ValidationException", "Strategy Bayesian is not offered",
                 **config(Strategy="Bayesian"))
        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ValidationException", "enum value set", **config(Strategy="Guess"))
        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ValidationException", "range must be given",
                 **config(ParameterRanges={}))
        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ValidationException", "greater than its MaxValue", **config(
            ParameterRanges={"IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "6", "MaxValue": "2"}]}))
        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ValidationException", "both static and tuned", **config(
            ParameterRanges={"IntegerParameterRanges": [{"Name": "num_round", "MinValue": "1", "MaxValue": "2"}]}))
        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ValidationException", "categorical ranges only",
                 **config(Strategy="Grid"))
        self.bad("sagemaker", "CreateHyperParameterTuningJob", "ValidationException", "A metric is required", **config(
            HyperParameterTuningJobObjective={"Type": "Maximize", "MetricName": "luck"}))
        gone = ("ResourceNotFound", "can't find a tuning job with the name nobody")
        for operation in ("Describe", "Stop", "Delete"):
            self.name_mistakes(f"{operation}HyperParameterTuningJob", name, *gone)
        self.name_mistakes("ListTrainingJobsForHyperParameterTuningJob", name, *gone)
        self.ok("sagemaker", "DescribeHyperParameterTuningJob", **{name: "suite-t"})
        self.ok("sagemaker", "CreateHyperParameterTuningJob", **tuning("suite-stop", BUCKET, 40, 1, 50))
        self.bad("sagemaker", "DeleteHyperParameterTuningJob", "ResourceInUse", "only a job that has ended",
                 **{name: "suite-stop"})
        self.ok("sagemaker", "StopHyperParameterTuningJob", **{name: "suite-stop"})
        self.ended("describe_hyper_parameter_tuning_job", name, "suite-t", "HyperParameterTuningJobStatus")
        self.ended("describe_hyper_parameter_tuning_job", name, "suite-stop", "HyperParameterTuningJobStatus", "Stopped")
        self.ok("sagemaker", "DescribeHyperParameterTuningJob", **{name: "suite-t"})
        self.ok("sagemaker", "ListHyperParameterTuningJobs", SortBy="CreationTime", MaxResults=100)
        self.list_mistakes("ListHyperParameterTuningJobs")
        self.ok("sagemaker", "ListTrainingJobsForHyperParameterTuningJob", SortBy="FinalObjectiveMetricValue",
                SortOrder="Descending", **{name: "suite-t"})
        self.list_mistakes("ListTrainingJobsForHyperParameterTuningJob", **{name: "suite-t"})
        self.bad("sagemaker", "StopHyperParameterTuningJob", "ValidationException", "is in status", **{name: "suite-t"})
        self.ok("sagemaker", "DeleteHyperParameterTuningJob", **{name: "suite-stop"})

    def models(self):
        container = {"Image": xgboost("x", BUCKET)["AlgorithmSpecification"]["TrainingImage"],
                     "ModelDataUrl": f"s3://{BUCKET}/models/suite-1/output/model.tar.gz"}
        create = {"ModelName": "suite-m", "ExecutionRoleArn": ROLE, "PrimaryContainer": container}
        self.ok("sagemaker", "CreateModel", **create)
        self.bad("sagemaker", "CreateModel", "ValidationException", "already existing model", **create)
        self.bad("sagemaker", "CreateModel", "ValidationException", "Exactly one of", ModelName="x", ExecutionRoleArn=ROLE)
        self.bad("sagemaker", "CreateModel", "ValidationException", "Could not find model data", ModelName="x",
                 ExecutionRoleArn=ROLE, PrimaryContainer={**container, "ModelDataUrl": f"s3://{BUCKET}/no/model.tar.gz"})
        self.bad("sagemaker", "CreateModel", "ValidationException", "MultiModel is not offered", ModelName="x",
                 ExecutionRoleArn=ROLE, PrimaryContainer={**container, "Mode": "MultiModel"})
        self.ok("sagemaker", "DescribeModel", ModelName="suite-m")
        for operation in ("DescribeModel", "DeleteModel"):
            self.name_mistakes(operation, "ModelName", "ValidationException", "Could not find model")
        self.ok("sagemaker", "ListModels", MaxResults=100)
        self.list_mistakes("ListModels")
        self.ok("sagemaker", "CreateModel", **{**create, "ModelName": "suite-m2"})
        self.ok("sagemaker", "DeleteModel", ModelName="suite-m2")

    def transform(self):
        create = {"TransformJobName": "suite-x", "ModelName": "suite-m", "MaxPayloadInMB": 1, "BatchStrategy": "MultiRecord",
                  "TransformInput": {"ContentType": "text/csv", "SplitType": "Line", "DataSource": {"S3DataSource": {
                      "S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/features/"}}},
                  "TransformOutput": {"S3OutputPath": f"s3://{BUCKET}/transformed", "AssembleWith": "Line"},
                  "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1}}
        self.ok("sagemaker", "CreateTransformJob", **create)
        self.bad("sagemaker", "CreateTransformJob", "ResourceInUse", "already exists", **create)
        self.bad("sagemaker", "CreateTransformJob", "ValidationException", "Could not find model",
                 **{**create, "TransformJobName": "x", "ModelName": "nobody"})
        self.bad("sagemaker", "CreateTransformJob", "ValidationException", "No S3 objects found", **{
            **create, "TransformJobName": "x", "TransformInput": {"DataSource": {"S3DataSource": {
                "S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/nothing/"}}}})
        self.bad("sagemaker", "CreateTransformJob", "ValidationException", "must be at most 100 MB",
                 **{**create, "TransformJobName": "x", "MaxPayloadInMB": 60, "MaxConcurrentTransforms": 2})
        self.name_mistakes("DescribeTransformJob", "TransformJobName", "ValidationException",
                           "Could not find requested job with name: nobody")
        self.name_mistakes("StopTransformJob", "TransformJobName", "ValidationException",
                           "Could not find job to update with name: nobody")
        self.ok("sagemaker", "DescribeTransformJob", TransformJobName="suite-x")
        self.ended("describe_transform_job", "TransformJobName", "suite-x", "TransformJobStatus")
        self.ok("sagemaker", "DescribeTransformJob", TransformJobName="suite-x")
        lines = self.client("s3").get_object(Bucket=BUCKET, Key="transformed/features.csv.out")["Body"].read().split()
        self.judge.equal(len(lines), 114, "predictions of the transform job")
        self.ok("sagemaker", "CreateTransformJob", **{**create, "TransformJobName": "suite-x2"})
        self.ok("sagemaker", "StopTransformJob", TransformJobName="suite-x2")
        self.bad("sagemaker", "StopTransformJob", "ValidationException", "is in status", TransformJobName="suite-x")
        self.ok("sagemaker", "ListTransformJobs", SortBy="Name", MaxResults=100)
        self.list_mistakes("ListTransformJobs")

    def endpoints(self):
        variant = {"VariantName": "one", "ModelName": "suite-m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        create = {"EndpointConfigName": "suite-c", "ProductionVariants": [variant]}
        self.ok("sagemaker", "CreateEndpointConfig", **create)
        self.bad("sagemaker", "CreateEndpointConfig", "ValidationException", "already existing endpoint config", **create)
        self.bad("sagemaker", "CreateEndpointConfig", "ValidationException", "Could not find model", EndpointConfigName="x",
                 ProductionVariants=[{**variant, "ModelName": "nobody"}])
        self.bad("sagemaker", "CreateEndpointConfig", "ValidationException", "must be unique", EndpointConfigName="x",
                 ProductionVariants=[variant, variant])
        self.bad("sagemaker", "CreateEndpointConfig", "ValidationException", "Member must have length", EndpointConfigName="x",
                 ProductionVariants=[])
        self.ok("sagemaker", "DescribeEndpointConfig", EndpointConfigName="suite-c")
        for operation in ("DescribeEndpointConfig", "DeleteEndpointConfig"):
            self.name_mistakes(operation, "EndpointConfigName", "ValidationException", "Could not find endpoint configuration")
        self.ok("sagemaker", "ListEndpointConfigs", MaxResults=100)
        self.list_mistakes("ListEndpointConfigs")
        self.ok("sagemaker", "CreateEndpointConfig", **{**create, "EndpointConfigName": "suite-c2"})
        endpoint = {"EndpointName": "suite-e", "EndpointConfigName": "suite-c"}
        self.ok("sagemaker", "CreateEndpoint", **endpoint)
        self.ok("sagemaker", "DescribeEndpoint", EndpointName="suite-e")
        self.bad("sagemaker", "CreateEndpoint", "ValidationException", "already existing endpoint", **endpoint)
        self.bad("sagemaker", "CreateEndpoint", "ValidationException", "Could not find endpoint configuration",
                 EndpointName="x", EndpointConfigName="nobody")
        self.bad("sagemaker", "CreateEndpoint", "ValidationException", "Member must not be null", EndpointName="x")
        self.bad("sagemaker", "DeleteEndpoint", "ValidationException", "in-progress endpoint", EndpointName="suite-e")
        self.bad("sagemaker", "UpdateEndpoint", "ValidationException", "in-progress endpoint", **endpoint)
        self.ended("describe_endpoint", "EndpointName", "suite-e", "EndpointStatus", "InService")
        self.ok("sagemaker", "DescribeEndpoint", EndpointName="suite-e")
        row = self.client("s3").get_object(Bucket=BUCKET, Key="features/features.csv")["Body"].read().split(b"\n")[0]
        invoke = {"EndpointName": "suite-e", "ContentType": "text/csv", "Body": row}
        answer = self.ok("sagemaker-runtime", "InvokeEndpoint", **invoke)
        self.judge.expect(0 <= float(answer["Body"].read()) <= 1, "the prediction is a probability")
        self.bad("sagemaker-runtime", "InvokeEndpoint", "ValidationError", "not found", **{**invoke, "EndpointName": "nobody"})
        self.bad("sagemaker-runtime", "InvokeEndpoint", "ValidationError", "Variant two not found", TargetVariant="two",
                 **invoke)
        self.bad("sagemaker-runtime", "InvokeEndpoint", "ModelError", "from primary with message",
                 **{**invoke, "Body": b"not,numbers"})
        self.bad("sagemaker-runtime", "InvokeEndpoint", "ValidationError", "is not offered by this engine", TargetModel="m",
                 **invoke)
        self.ok("sagemaker", "ListEndpoints", SortBy="Status", MaxResults=100)
        self.list_mistakes("ListEndpoints")
        self.bad("sagemaker", "UpdateEndpoint", "ValidationException", "Could not find endpoint configuration",
                 EndpointName="suite-e", EndpointConfigName="nobody")
        self.bad("sagemaker", "UpdateEndpoint", "ValidationException", "Could not find endpoint", EndpointName="nobody",
                 EndpointConfigName="suite-c")
        change = "UpdateEndpointWeightsAndCapacities"
        self.bad("sagemaker", change, "ValidationException", "not found", EndpointName="suite-e",
                 DesiredWeightsAndCapacities=[{"VariantName": "two", "DesiredWeight": 1}])
        self.bad("sagemaker", change, "ValidationException", "Could not find endpoint", EndpointName="nobody",
                 DesiredWeightsAndCapacities=[{"VariantName": "one", "DesiredWeight": 1}])
        self.bad("sagemaker", change, "ValidationException", "Member must not be null", EndpointName="suite-e")
        self.ok("sagemaker", change, EndpointName="suite-e",
                DesiredWeightsAndCapacities=[{"VariantName": "one", "DesiredWeight": 2}])
        self.ended("describe_endpoint", "EndpointName", "suite-e", "EndpointStatus", "InService")
        self.ok("sagemaker", "UpdateEndpoint", EndpointName="suite-e", EndpointConfigName="suite-c2")
        self.ok("sagemaker", "DescribeEndpoint", EndpointName="suite-e")
        self.ended("describe_endpoint", "EndpointName", "suite-e", "EndpointStatus", "InService")
        self.ok("sagemaker", "DeleteEndpointConfig", EndpointConfigName="suite-c")
        for operation in ("DescribeEndpoint", "DeleteEndpoint"):
            self.name_mistakes(operation, "EndpointName", "ValidationException", "Could not find endpoint")

    def metrics(self):
        def query(**more):
            stat = {"Metric": {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": [
                {"Name": "EndpointName", "Value": "suite-e"}, {"Name": "VariantName", "Value": "one"}]},
                "Period": 60, "Stat": "Sum", **more}
            return {"MetricDataQueries": [{"Id": "n", "MetricStat": stat}], "StartTime": time.time() - 3600,
                    "EndTime": time.time() + 60}
        answer = self.ok("cloudwatch", "GetMetricData", **query())
        counted = sum(answer["MetricDataResults"][0]["Values"])
        self.judge.expect(counted >= 1, f"invocations counted: {counted}")
        self.bad("cloudwatch", "GetMetricData", "ValidationError", "multiple of 60", **query(Period=7))
        self.bad("cloudwatch", "GetMetricData", "ValidationError", "is not offered by this engine", **query(Stat="p99"))
        self.bad("cloudwatch", "GetMetricData", "ValidationError", "must be less than", **{**query(), "EndTime": 1})

    def tags(self):
        arn = self.client("sagemaker").describe_endpoint(EndpointName="suite-e")["EndpointArn"]
        for one in (arn, arn.replace("endpoint/suite-e", "model/suite-m"), arn.replace("endpoint/suite-e", "training-job/suite-1"),
                    arn.replace("endpoint/suite-e", "hyper-parameter-tuning-job/suite-t"),
                    arn.replace("endpoint/suite-e", "processing-job/suite-p"),
                    arn.replace("endpoint/suite-e", "transform-job/suite-x")):
            self.ok("sagemaker", "AddTags", ResourceArn=one, Tags=[{"Key": "k", "Value": "v"}])
            self.ok("sagemaker", "ListTags", ResourceArn=one)
            self.ok("sagemaker", "DeleteTags", ResourceArn=one, TagKeys=["k"])
        gone = arn.replace("suite-e", "nobody")
        for operation, more in (("AddTags", {"Tags": [{"Key": "k", "Value": "v"}]}), ("ListTags", {}),
                                ("DeleteTags", {"TagKeys": ["k"]})):
            self.bad("sagemaker", operation, "ValidationException", "Requested resource not found.", ResourceArn=gone, **more)
            self.bad("sagemaker", operation, "ValidationException", "Member must not be null", **more)
            self.bad("sagemaker", operation, "ValidationException", "regular expression", ResourceArn="nothing", **more)
        self.bad("sagemaker", "AddTags", "ResourceLimitExceeded", "can have 50 tags", ResourceArn=arn.replace(
            "endpoint/suite-e", "training-job/suite-1"), Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)])
        self.ok("sagemaker", "DeleteEndpoint", EndpointName="suite-e")
        self.bad("sagemaker", "DeleteEndpoint", "ValidationException", "endpoint", EndpointName="suite-e")

    def search(self):
        for resource in ("TrainingJob", "HyperParameterTuningJob", "Endpoint"):
            self.ok("sagemaker", "Search", Resource=resource, MaxResults=100)
        answer = self.ok("sagemaker", "Search", Resource="TrainingJob", SearchExpression={
            "Filters": [{"Name": "Tags.who", "Operator": "Equals", "Value": "suite"}]})
        self.judge.equal([r["TrainingJob"]["TrainingJobName"] for r in answer["Results"]], ["suite-1"], "found by tag")
        self.bad("sagemaker", "Search", "ValidationException", "Member must not be null")
        self.bad("sagemaker", "Search", "ValidationException", "enum value set", Resource="Luck")
        self.bad("sagemaker", "Search", "ValidationException", "is not offered by this engine", Resource="Pipeline")
        self.bad("sagemaker", "Search", "ValidationException", "Invalid NextToken", Resource="TrainingJob", NextToken="bm90aGluZw")

    def logs(self):
        group = "/aws/sagemaker/TrainingJobs"
        streams = self.ok("logs", "DescribeLogStreams", logGroupName=group, logStreamNamePrefix="suite-1")["logStreams"]
        self.ok("logs", "GetLogEvents", logGroupName=group, logStreamName=streams[0]["logStreamName"], startFromHead=True)
        gone = "ResourceNotFoundException"
        self.bad("logs", "DescribeLogStreams", gone, "log group does not exist", logGroupName="/nothing")
        self.bad("logs", "GetLogEvents", gone, "log group does not exist", logGroupName="/nothing", logStreamName="x")
        self.bad("logs", "GetLogEvents", gone, "log stream does not exist", logGroupName=group, logStreamName="x")
        self.bad("logs", "GetLogEvents", "InvalidParameterException", "nextToken is invalid", logGroupName=group,
                 logStreamName=streams[0]["logStreamName"], nextToken="x")
        wrong = self.engine.client("logs", secret="wrong")
        self.bad("logs", "DescribeLogStreams", "InvalidSignatureException", "does not match", client=wrong, logGroupName=group)
        self.bad("logs", "DescribeLogStreams", "UnrecognizedClientException", "security token", logGroupName=group,
                 client=self.engine.client("logs", access="AKIAIOSFODNN7EXAMPLE"))

    def report(self):
        """Every operation the engine names must have been walked."""
        try:
            self.client("sagemaker").list_apps()
        except ClientError as e:
            named = re.search(r"\[(.*)]", e.response["Error"]["Message"]).group(1).split(", ")
            walked = {operation for _, operation in self.good}
            for operation in (*(target.split(".")[-1] for target in named), *ELSEWHERE):
                self.judge.expect(operation in walked, f"{operation} is offered and was not walked")
        operations = sorted(self.good)
        for service, operation in operations:
            good, bad = self.good[service, operation], self.mistakes[service, operation]
            print(f"  {service:18} {operation:45} {good:3} good  {bad:3} mistakes")
            if service != "s3":
                self.judge.expect(bad >= AT_LEAST, f"{operation} has {bad} mistakes, not {AT_LEAST}")
        count = self.errors.judge(self.judge)
        print(f"  {len(operations)} operations × cases: {sum(self.good.values())} good, {sum(self.mistakes.values())} mistakes,"
              f" {sum(self.failures.values())} failures of jobs and endpoints; of {len(self.errors.rows)} rows of"
              f" engine-errors.csv {count['here']} seen, {count['in Java']} by tests in Java, {count['nowhere']} by none;"
              f" {count['assumed']} assumed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    begin("every operation of the engine by boto3" + ("; control: spoilt answers" if options.control else ""), options.seed)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-suite-"))
    engine = Alone(work, hosts=4)
    try:
        engine.start()
        suite = Suite(engine, judge, options.control, options.verbose)
        suite.run()
        suite.report()
        return judge.verdict(options.control)
    finally:
        engine.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
