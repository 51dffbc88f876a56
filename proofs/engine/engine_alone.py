"""What the proofs of the engine share: the jar as a process of its own, clients for it, and a journal of what they saw."""

import io
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tarfile

from common import ROOT, can_connect, clean_environment, free_port, need, skip, until

try:
    import boto3
    from botocore.config import Config
except ImportError:
    skip("boto3 (pip install boto3)")

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/anybody"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
OTHER_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1"
STOPPING = {"MaxRuntimeInSeconds": 600}
RESOURCES = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}


# Whoever is asked to end, ends the engine that it started.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Alone:
    """`java -jar bursar.jar engine`, from a copy, so that a build beside it disturbs nothing."""

    def __init__(self, work, hosts=2, options=("-Xmx512m",), arguments=(), path=None):
        need("java")
        jar = ROOT / "target/bursar.jar"
        if not jar.exists():
            skip(f"{jar}: build it with ./mvnw -DskipTests package")
        work = pathlib.Path(work)
        work.mkdir(parents=True, exist_ok=True)
        self.arguments, self.path = arguments, path
        self.jar = work / "bursar.jar"
        shutil.copy(jar, self.jar)
        self.folder, self.log, self.hosts, self.options = work / "engine", work / "engine.log", hosts, options
        self.port, self.s3_port = free_port(), free_port()
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["java", *self.options, "-jar", str(self.jar), "engine", "--folder", str(self.folder), "--port", str(self.port),
             "--s3-port", str(self.s3_port), "--hosts", str(self.hosts), "--region", REGION, *self.arguments],
            stdout=subprocess.DEVNULL, stderr=open(self.log, "ab"), stdin=subprocess.DEVNULL,
            env={**clean_environment(), **({"PATH": self.path} if self.path else {})}, start_new_session=True)
        until("the engine's ports", lambda: self.alive() and can_connect(self.port) and can_connect(self.s3_port), 120,
              0.05)
        return self

    def alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the engine ended: {self.log.read_text()[-2000:]}")
        return True

    def kill9(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    @property
    def keys(self):
        lines = (self.folder / "keys.properties").read_text().splitlines()
        found = dict(line.split("=", 1) for line in lines)
        return found["accessKeyId"], found["secretAccessKey"]

    def client(self, service, access=None, secret=None, **config):
        keys = self.keys
        return boto3.client(
            service, region_name=REGION, aws_access_key_id=access or keys[0], aws_secret_access_key=secret or keys[1],
            endpoint_url=f"http://127.0.0.1:{self.s3_port if service == 's3' else self.port}",
            config=Config(**{"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": "path"},
                             "read_timeout": 120, "max_pool_connections": 32, **config}))

    def environment(self):
        access, secret = self.keys
        return {**clean_environment(), "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
                "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.s3_port}", "AWS_ACCESS_KEY_ID": access,
                "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_PAGER": ""}


def archive(**files):
    """A tar.gz of texts; `__` in a name stands for a dot."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name.replace("__", "."))
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


def channel(name, uri):
    return {"ChannelName": name, "ContentType": "text/csv", "DataSource": {"S3DataSource": {
        "S3DataType": "S3Prefix", "S3DataDistributionType": "FullyReplicated", "S3Uri": uri}}}


def xgboost(name, bucket, rounds=10, **more):
    return {"TrainingJobName": name, "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "HyperParameters": {"objective": "binary:logistic", "eval_metric": "auc", "num_round": str(rounds),
                                "max_depth": "4", "eta": "0.2"},
            "InputDataConfig": [channel("train", f"s3://{bucket}/train/"),
                                channel("validation", f"s3://{bucket}/validation/")],
            "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models"}, "ResourceConfig": RESOURCES,
            "StoppingCondition": STOPPING, **more}


def script(name, bucket, seconds=0.1, **more):
    return {"TrainingJobName": name, "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": OTHER_IMAGE, "TrainingInputMode": "File"},
            "HyperParameters": {"sagemaker_program": "train.py", "seconds": str(seconds),
                                "sagemaker_submit_directory": f"s3://{bucket}/code/sourcedir.tar.gz"},
            "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models"}, "ResourceConfig": RESOURCES,
            "StoppingCondition": STOPPING, **more}


def processing(name, command, **more):
    return {"ProcessingJobName": name, "RoleArn": ROLE,
            "AppSpecification": {"ImageUri": OTHER_IMAGE, "ContainerEntrypoint": ["sh", "-c", command]},
            "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1,
                                                      "VolumeSizeInGB": 5}},
            "StoppingCondition": STOPPING, **more}


def tuning(name, bucket, trials=2, parallel=2, rounds=10, ranges=None, **more):
    job = xgboost("x", bucket, rounds)
    static = {**job["HyperParameters"]}
    for key in ("max_depth", "eta"):
        del static[key]
    return {"HyperParameterTuningJobName": name,
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random", "RandomSeed": 7,
                "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "validation:auc"},
                "ResourceLimits": {"MaxNumberOfTrainingJobs": trials, "MaxParallelTrainingJobs": parallel},
                "ParameterRanges": ranges or {
                    "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.05", "MaxValue": "0.5",
                                                   "ScalingType": "Logarithmic"}],
                    "IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "2", "MaxValue": "6"}]}},
            "TrainingJobDefinition": {
                "StaticHyperParameters": static, "RoleArn": ROLE, "AlgorithmSpecification": job["AlgorithmSpecification"],
                "InputDataConfig": job["InputDataConfig"], "OutputDataConfig": job["OutputDataConfig"],
                "ResourceConfig": RESOURCES, "StoppingCondition": STOPPING}, **more}


TRAIN = """
import argparse, os, time
p = argparse.ArgumentParser(); p.add_argument("--seconds", type=float, default=0.1); a, _ = p.parse_known_args()
time.sleep(a.seconds)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"), "w").write("trained")
"""


def fill(s3, bucket):
    """A bucket with the biopsies and a script."""
    from common import biopsies
    train, held_out = biopsies()
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="train/train.csv", Body=train.encode())
    s3.put_object(Bucket=bucket, Key="validation/validation.csv", Body=held_out.encode())
    features = "\n".join(row.split(",", 1)[1] for row in held_out.splitlines()) + "\n"
    s3.put_object(Bucket=bucket, Key="features/features.csv", Body=features.encode())
    s3.put_object(Bucket=bucket, Key="code/sourcedir.tar.gz", Body=archive(train__py=TRAIN))
    return features
