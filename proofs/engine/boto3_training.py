#!/usr/bin/env python3
"""Boto3 and the AWS CLI, unchanged, use the engine as if it were SageMaker and S3: bucket, upload, create,
wait, download. Where stock XGBoost is installed, it predicts the held-out rows with the model and computes the AUC.

    proofs/run boto3_training [--xgboost-python PYTHON] [--seed S]
    proofs/run boto3_training --control     a wrong secret key; must go red
"""

import argparse
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

from common import Engine, Judge, Programs, Records, begin, biopsies, clean_environment, skip

try:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    skip("boto3 (pip install boto3)")

ROLE = "arn:aws:iam::123456789012:role/anybody"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
PREDICT = """
import csv, sys, xgboost
rows = [[float(cell) for cell in row] for row in csv.reader(open(sys.argv[2]))]
guesses = xgboost.Booster(model_file=sys.argv[1]).predict(xgboost.DMatrix([row[1:] for row in rows])).tolist()
pairs = [(a, b) for y, a in zip(rows, guesses) if y[0] == 1 for z, b in zip(rows, guesses) if z[0] == 0]
print(sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs), xgboost.__version__)
"""


def request(name, bucket):
    def channel(name):
        return {"ChannelName": name, "ContentType": "text/csv", "DataSource": {"S3DataSource": {
            "S3DataType": "S3Prefix", "S3DataDistributionType": "FullyReplicated", "S3Uri": f"s3://{bucket}/{name}/"}}}

    return {"TrainingJobName": name, "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "HyperParameters": {"objective": "binary:logistic", "eval_metric": "auc", "num_round": "50", "max_depth": "4",
                                "eta": "0.2"},
            "InputDataConfig": [channel("train"), channel("validation")],
            "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600}}


def find_xgboost(given):
    for python in filter(None, [given, sys.executable, "python3"]):
        if shutil.which(python) and subprocess.run([python, "-c", "import xgboost"], capture_output=True).returncode == 0:
            return python
    return None


def predict(judge, python, model, work):
    with tarfile.open(fileobj=io.BytesIO(model)) as archive:
        names = archive.getnames()
        content = archive.extractfile("xgboost-model").read()
    print(f"  model.tar.gz: {len(model)} bytes, holds {names}")
    if python is None:
        print("  MISSING: stock XGBoost (pip install xgboost-cpu, or --xgboost-python), so nobody predicts with the model")
        return None
    file = work / ("model.json" if content[:1] == b"{" and content[1:2] in b'"\n ' else "model.ubj")
    file.write_bytes(content)
    (work / "validation.csv").write_text(biopsies()[1])
    done = subprocess.run([python, "-c", PREDICT, str(file), str(work / "validation.csv")], capture_output=True, text=True)
    if not judge.expect(done.returncode == 0, f"stock XGBoost cannot read the model: {done.stderr[-500:]}"):
        return None
    auc, version = done.stdout.split()
    print(f"  AUC on {len(biopsies()[1].splitlines())} held-out rows by stock XGBoost {version}: {float(auc):.6f}")
    return float(auc)


def with_boto3(judge, engine, secret, work, python):
    access, right = engine.keys
    key = {"region_name": "us-east-1", "aws_access_key_id": access, "aws_secret_access_key": secret or right}
    s3 = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{engine.s3_port}", **key)
    sagemaker = boto3.client("sagemaker", endpoint_url=f"http://127.0.0.1:{engine.port}", **key)
    print(f"boto3 {boto3.__version__}")
    for step in (lambda: s3.create_bucket(Bucket="proof"), lambda: sagemaker.list_training_jobs()):
        try:
            step()
        except ClientError as refused:
            error = refused.response["Error"]
            judge.expect(False, f"{refused.operation_name} was refused: {error['Code']}: {error['Message'][:90]}")
    if judge.failures:
        try:
            sagemaker.create_training_job(**request("boto3-biopsies", "proof"))
        except ClientError as refused:
            judge.expect(False, f"CreateTrainingJob was refused: {refused.response['Error']['Code']}")
        judge.equal(Records(engine.folder).names(), ["boto3-biopsies"], "jobs in the engine's folder")
        return
    train, held_out = biopsies()
    s3.put_object(Bucket="proof", Key="train/train.csv", Body=train.encode())
    s3.upload_fileobj(io.BytesIO(held_out.encode()), "proof", "validation/validation.csv")
    made = sagemaker.create_training_job(**request("boto3-biopsies", "proof"))
    print(f"  create_training_job: {made['TrainingJobArn']}")
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="boto3-biopsies",
                                                                   WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    described = sagemaker.describe_training_job(TrainingJobName="boto3-biopsies")
    judge.equal(described["TrainingJobStatus"], "Completed", "the job's status")
    metrics = {metric["MetricName"]: metric["Value"] for metric in described["FinalMetricDataList"]}
    print(f"  waiter: {described['TrainingJobStatus']}, billable {described['BillableTimeInSeconds']} s, metrics {metrics}")
    judge.equal([step["Status"] for step in described["SecondaryStatusTransitions"]],
                ["Starting", "Downloading", "Training", "Uploading", "Completed"], "the secondary statuses")
    uri = described["ModelArtifacts"]["S3ModelArtifacts"]
    judge.equal(uri, "s3://proof/models/boto3-biopsies/output/model.tar.gz", "the model's address")
    body = io.BytesIO()
    s3.download_fileobj("proof", uri.removeprefix("s3://proof/"), body)
    auc = predict(judge, python, body.getvalue(), work)
    if auc is not None:
        judge.expect(auc >= 0.97, f"AUC {auc} is below 0.97")
        judge.expect(abs(auc - metrics["validation:auc"]) <= 1e-6, f"AUC {auc}, the engine says {metrics['validation:auc']}")
    try:
        sagemaker.create_training_job(**request("boto3-biopsies", "proof"))
        judge.expect(False, "the same name was accepted twice")
    except ClientError as refused:
        print(f"  the same name again: {refused.response['Error']['Code']}")
        judge.equal(refused.response["Error"]["Code"], "ResourceInUse", "the refusal of a taken name")


def with_cli(judge, engine, secret, work):
    if shutil.which("aws") is None:
        print("MISSING: the AWS CLI (pip install awscli); boto3 alone was shown")
        return
    access, right = engine.keys
    environment = {**clean_environment(), "AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret or right,
                   "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{engine.port}",
                   "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{engine.s3_port}", "AWS_PAGER": "",
                   "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    train, held_out = biopsies()
    (work / "train.csv").write_text(train)
    (work / "held-out.csv").write_text(held_out)
    (work / "job.json").write_text(json.dumps(request("cli-biopsies", "cli-proof"), indent=1))
    version = subprocess.run(["aws", "--version"], capture_output=True, text=True).stdout.strip()
    print(version)
    steps = ["aws sts get-caller-identity --query Account --output text",
             "aws s3 mb s3://cli-proof",
             "aws s3 cp train.csv s3://cli-proof/train/train.csv --no-progress",
             "aws s3 cp held-out.csv s3://cli-proof/validation/validation.csv --no-progress",
             "aws sagemaker create-training-job --cli-input-json file://job.json --query TrainingJobArn --output text",
             "aws sagemaker wait training-job-completed-or-stopped --training-job-name cli-biopsies",
             "aws sagemaker describe-training-job --training-job-name cli-biopsies --output text --query"
             " '[TrainingJobStatus,BillableTimeInSeconds,ModelArtifacts.S3ModelArtifacts]'",
             "aws s3 cp s3://cli-proof/models/cli-biopsies/output/model.tar.gz . --no-progress",
             "tar tzf model.tar.gz"]
    for step in steps:
        done = subprocess.run(step, shell=True, cwd=work, env=environment, capture_output=True, text=True, timeout=300)
        said = " ".join((done.stdout + done.stderr).split())
        print(f"  $ {step}\n    {said[:200]}")
        if not judge.expect(done.returncode == 0, f"exit {done.returncode}: {step}") and secret is None:
            return
    if secret is None:
        judge.equal(Records(engine.folder).describe("cli-biopsies")["TrainingJobStatus"], "Completed", "the CLI's job")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xgboost-python", help="a Python that has xgboost")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    begin("boto3 and the AWS CLI train on the engine" + ("; control: wrong secret key" if options.control else ""),
          options.seed, n=2)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-boto3-"))
    engine = Engine(Programs(work), work)
    secret = "wrong" * 8 if options.control else None
    try:
        engine.start()
        with_boto3(judge, engine, secret, work, find_xgboost(options.xgboost_python))
        with_cli(judge, engine, secret, work)
        return judge.verdict(options.control)
    except BotoCoreError as failure:
        judge.expect(False, f"boto3: {failure}")
        return judge.verdict(options.control)
    finally:
        engine.stop()
        if judge.failures and not options.control:
            print(f"logs: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
