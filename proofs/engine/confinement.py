#!/usr/bin/env python3
"""What confinement costs a child: from its start (it claims its workspace) to its first line, in two engines of the same jar,
one that confines and one that does not, job by job in turn.

    proofs/run confinement [--jobs 40] [--aim 15]
    proofs/run confinement --control     whatever builds the walls sleeps 60 ms first; must go red
"""

import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import urllib.request

from common import Judge, begin, percentile, skip
from engine_alone import OTHER_IMAGE, RESOURCES, ROLE, STOPPING, Alone, archive

SLEEPY = """#!/bin/sh
sleep 0.06
exec {} "$@"
"""


def slowed(folder):
    """A PATH on which the programs that make namespaces take their time."""
    folder.mkdir()
    for name in ("unshare", "bwrap"):
        real = shutil.which(name)
        if real:
            (folder / name).write_text(SLEEPY.format(real))
            (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def milliseconds(engine, sm, name):
    """How long the child of one job took to its first line, which is the time that it had then."""
    sm.create_training_job(
        TrainingJobName=name, RoleArn=ROLE, ResourceConfig=RESOURCES, StoppingCondition=STOPPING,
        AlgorithmSpecification={"TrainingImage": OTHER_IMAGE, "TrainingInputMode": "File"},
        HyperParameters={"sagemaker_program": "train.sh", "sagemaker_submit_directory": "s3://cost/code.tar.gz"},
        OutputDataConfig={"S3OutputPath": "s3://cost/out"})
    while True:
        job = sm.describe_training_job(TrainingJobName=name)
        if job["TrainingJobStatus"] not in ("InProgress", "Stopping"):
            break
        time.sleep(0.02)
    if job["TrainingJobStatus"] != "Completed":
        raise RuntimeError(f"{name}: {job.get('FailureReason')}")
    claim, = engine.folder.glob(f"**/{name}/hosts/algo-1/started")
    return (int((claim.parent / "log").read_text().split()[0]) - claim.stat().st_mtime_ns) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--aim", type=float, default=15)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    jobs = 20 if options.quick else options.jobs
    begin("what confinement costs a child", options.seed, n=jobs)
    judge, work = Judge(), pathlib.Path(tempfile.mkdtemp(prefix="bursar-cost-"))
    path = slowed(work / "slow") if options.control else os.environ["PATH"]
    engines = {"confined": Alone(work / "confined", arguments=("--confine", "auto"), path=path),
               "open": Alone(work / "open", arguments=("--confine", "off"))}
    try:
        clients = {}
        for kind, engine in engines.items():
            engine.start()
            clients[kind] = engine.client("sagemaker")
            engine.client("s3").create_bucket(Bucket="cost")
            engine.client("s3").put_object(Bucket="cost", Key="code.tar.gz", Body=archive(train__sh="date +%s%N\n"))
            with urllib.request.urlopen(f"http://127.0.0.1:{engine.port}/_engine/status") as answer:
                found = json.load(answer)["confinement"]
            print(f"  {kind}: {found['situation']}", flush=True)
            if found["confined"] != (kind == "confined"):
                skip("a machine that lets the engine confine its children")
        times = {kind: [] for kind in engines}
        for number in range(jobs + 3):
            for kind, engine in engines.items():
                found = milliseconds(engine, clients[kind], f"{kind}-{number}")
                if number >= 3:
                    times[kind].append(found)
        for kind, found in times.items():
            print(f"  {kind}: fastest {min(found):.1f} ms, p50 {percentile(sorted(found), 0.5):.1f} ms, p90 {percentile(sorted(found), 0.9):.1f} ms, n {len(found)}", flush=True)
        more = percentile(sorted(times["confined"]), 0.5) - percentile(sorted(times["open"]), 0.5)
        print(f"  confinement costs {more:.1f} ms (p50)", flush=True)
        judge.expect(more <= options.aim, f"{more:.1f} ms, not at most {options.aim:.0f}")
        return judge.verdict(options.control)
    finally:
        for engine in engines.values():
            engine.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
