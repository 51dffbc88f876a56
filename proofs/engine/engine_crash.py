#!/usr/bin/env python3
"""Kill -9 of the engine at random moments during mixed work (training by XGBoost and by a script,
processing, tuning, an endpoint). The judge is the client's journal of acknowledged calls: nothing acknowledged is lost,
states move along documented arrows only, no process is left over, nothing is run twice.

    proofs/run engine_crash [--kills 20] [--seed S]
    proofs/run engine_crash --control     one acknowledged job's record is taken out of the folder, and one child's
                                                 line is written twice; must go red
"""

import argparse
import collections
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time

from common import Judge, begin, until
from engine_alone import IMAGE, ROLE, Alone, fill, processing, script, tuning, xgboost

from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "crash"
ENDED = {"Completed", "Failed", "Stopped"}
JOB = {None: {"InProgress", "Stopping", *ENDED}, "InProgress": {"Stopping", *ENDED}, "Stopping": {"Stopped", "Completed", "Failed"}}
# Of a job that is seen now and then, any later state of the way is an arrow or several.
TRAINING = ["Starting", "Downloading", "Training", "Uploading", "Completed"]
ENDPOINT = {None: {"Creating", "InService", "Failed"}, "Creating": {"InService", "Failed"}, "InService": {"Updating", "Deleting"},
            "Updating": {"InService", "RollingBack"}}
KINDS = {"training": ("TrainingJobName", "describe_training_job", "TrainingJobStatus", JOB),
         "processing": ("ProcessingJobName", "describe_processing_job", "ProcessingJobStatus", JOB),
         "tuning": ("HyperParameterTuningJobName", "describe_hyper_parameter_tuning_job", "HyperParameterTuningJobStatus", JOB),
         "endpoint": ("EndpointName", "describe_endpoint", "EndpointStatus", ENDPOINT)}


class Journal:
    """What the client was told, and what it has seen of each resource since."""

    def __init__(self, engine, judge):
        self.engine, self.judge, self.lock = engine, judge, threading.Lock()
        self.acknowledged, self.stopped, self.states, self.ways = {}, set(), {}, {}
        self.calls = 0

    def see(self, kind, name, answer):
        status = answer[KINDS[kind][2]]
        with self.lock:
            before = self.states.get((kind, name))
            if status != before:
                self.judge.expect(status in KINDS[kind][3].get(before, set()), f"{kind} {name} went from {before} to {status}")
                self.states[kind, name] = status
            if kind == "training":
                way = [one["Status"] for one in answer.get("SecondaryStatusTransitions", [])]
                past = self.ways.get(name, [])
                self.judge.expect(way[:len(past)] == past, f"{name}: its transitions were {past} and are {way}")
                places = [TRAINING.index(one) for one in way if one in TRAINING]
                self.judge.expect(places == sorted(set(places)), f"{name} moved along {way}")
                self.ways[name] = way


def worker(journal, number, stop, chance):
    """Creates one thing after the other, and looks at those that it has."""
    engine, turn, mine = journal.engine, 0, []
    client = engine.client("sagemaker", connect_timeout=2, read_timeout=20)
    while not stop.is_set():
        turn += 1
        kind = ["training", "processing", "tuning", "training"][(turn + number) % 4]
        name = f"c{number}-{turn}"
        if kind == "training":
            request = xgboost(name, BUCKET, 20) if chance.random() < 0.5 else script(name, BUCKET, chance.uniform(0, 2))
            call = client.create_training_job
        elif kind == "processing":
            request, call = processing(name, f"sleep {chance.uniform(0, 2):.1f}; echo done"), client.create_processing_job
        else:
            request, call = tuning(name, BUCKET, 3, 2, 20), client.create_hyper_parameter_tuning_job
        try:
            call(**request)
            with journal.lock:
                journal.acknowledged[kind, name] = True
            mine.append((kind, name))
            if chance.random() < 0.15 and kind != "tuning":
                time.sleep(chance.uniform(0, 1))
                getattr(client, f"stop_{kind}_job")(**{KINDS[kind][0]: name})
        except (ClientError, BotoCoreError) as e:
            # The one answer that is wrong whatever was going on.
            if isinstance(e, ClientError) and e.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                journal.judge.expect(False, f"{name}: {e}")
        until_seen = time.monotonic() + chance.uniform(2, 5)
        while time.monotonic() < until_seen and not stop.is_set():
            for kind, name in [*mine[-6:], ("endpoint", "crash-e")]:
                member, describe, _, _ = KINDS[kind]
                try:
                    journal.see(kind, name, getattr(client, describe)(**{member: name}))
                    journal.calls += 1
                except ClientError as e:
                    journal.judge.expect(False, f"{kind} {name} was acknowledged, and now: {e}")
                except BotoCoreError:
                    time.sleep(0.1)
            time.sleep(0.2)


def processes_of(folder):
    """Living processes that have the folder in their command or as their place."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if command and (str(folder) in command or os.readlink(entry / "cwd").startswith(str(folder))):
                    found.append((int(entry.name), command[:160]))
            except OSError:
                pass
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    kills = 1 if options.control else options.kills
    chance = begin("kill -9 of the engine during mixed work" + ("; control" if options.control else ""), options.seed, n=kills)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-engine-crash-"))
    engine = Alone(work, hosts=3)
    stop = threading.Event()
    workers = []
    try:
        engine.start()
        sm, s3 = engine.client("sagemaker"), engine.client("s3")
        fill(s3, BUCKET)
        sm.create_training_job(**xgboost("first", BUCKET))
        until("the first job", lambda: sm.describe_training_job(TrainingJobName="first")["TrainingJobStatus"] in ENDED, 120)
        sm.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={
            "Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/models/first/output/model.tar.gz"})
        sm.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[{
            "VariantName": "one", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}])
        sm.create_endpoint(EndpointName="crash-e", EndpointConfigName="c")
        journal = Journal(engine, judge)
        journal.acknowledged["training", "first"] = journal.acknowledged["endpoint", "crash-e"] = True
        import random
        for number in range(3):
            workers.append(threading.Thread(target=worker, daemon=True,
                                            args=(journal, number, stop, random.Random(chance.random()))))
            workers[-1].start()
        for kill in range(kills):
            time.sleep(chance.uniform(0.2, 5))
            engine.kill9()
            alive = len(processes_of(engine.folder))
            time.sleep(chance.uniform(0, 1))
            begun = time.monotonic()
            engine.start()
            print(f"  kill {kill + 1:2}: {len(journal.acknowledged):3} acknowledged, {alive} processes lived on, back after"
                  f" {time.monotonic() - begun:.1f} s", flush=True)
        time.sleep(2)
        stop.set()
        for one in workers:
            one.join(60)
        sm = engine.client("sagemaker")
        if options.control:
            engine.kill9()
            kind, name = next(key for key in journal.acknowledged if key[0] == "training" and key[1] != "first")
            shutil.rmtree(engine.folder / "jobs" / name)
            with (engine.folder / "children.log").open("a") as file:
                file.write((engine.folder / "children.log").read_text().splitlines()[0] + "\n")
            engine.start()
        ends = collections.Counter()
        for kind, name in sorted(journal.acknowledged):
            member, describe, status, _ = KINDS[kind]

            def look():
                answer = getattr(sm, describe)(**{member: name})
                journal.see(kind, name, answer)
                return answer if answer[status] in ENDED | {"InService"} else None
            try:
                answer = until(f"the end of {name}", look, 120, 0.2)
                ends[kind, answer[status]] += 1
                if answer[status] == "Failed":
                    print(f"    {kind} {name} Failed: {answer.get('FailureReason', '')[:160]}")
                if kind == "tuning":
                    counted = answer["TrainingJobStatusCounters"]
                    judge.equal(sum(counted.get(one, 0) for one in (
                        "Completed", "Stopped", "NonRetryableError", "RetryableError")), 3,
                                f"trials of {name} that ended")
            except (ClientError, TimeoutError) as e:
                judge.expect(False, f"{kind} {name} was acknowledged: {e}")
        features = s3.get_object(Bucket=BUCKET, Key="features/features.csv")["Body"].read().split(b"\n")[0]
        answer = engine.client("sagemaker-runtime").invoke_endpoint(EndpointName="crash-e", ContentType="text/csv", Body=features)
        judge.expect(0 <= float(answer["Body"].read()) <= 1, "the endpoint still predicts")
        lines = (engine.folder / "children.log").read_text().splitlines()
        # Servers of endpoints are started anew by each engine; a job's host has one process, ever.
        started = collections.Counter(tuple(line.split()[1:3]) for line in lines if "endpoint" not in line)
        twice = {key: count for key, count in started.items() if count > 1 and not key[0].startswith("crash-e")}
        judge.expect(not twice, f"started twice: {twice}")
        print(f"  ends: {dict(sorted((f'{k} {s}', n) for (k, s), n in ends.items()))}; {journal.calls} looks;"
              f" {len(started)} hosts of jobs had processes")
        sm.delete_endpoint(EndpointName="crash-e")
        until("the endpoint's end", lambda: not sm.list_endpoints()["Endpoints"], 60)
        engine.stop()
        time.sleep(1)
        left = processes_of(engine.folder)
        judge.expect(not left, f"left over: {left}")
        return judge.verdict(options.control)
    finally:
        stop.set()
        engine.stop()
        if judge.failures and not options.control or sys.exc_info()[0]:
            print(f"folder and log: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
