#!/usr/bin/env python3
"""kill -9 of the service at five named points, with the engine inside and with the engine outside the
killed process. After each: one accepted Create and one child ever per attempt, the job ends, the books add up.

    proofs/run crash [--engine inside|outside|both] [--repeat N] [--seed S] [--keep]
    proofs/run crash --control     no adoption: a lost answer is answered with another name; must go red
    proofs/run crash --control=forged     somebody sends a second Create under the next name; must go red
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from common import (Decimal, Engine, Judge, Programs, Records, Service, begin, judge_books, need,
                    script_job, skip, until, xgboost_job)
from wire import Wire

SCRIPT = """
import argparse, os, time
options = argparse.ArgumentParser()
options.add_argument("--seconds", type=float)
options.add_argument("--bytes", type=int)
options = options.parse_args()
print("training", flush=True)
time.sleep(options.seconds)
with open(os.path.join(os.environ["SM_MODEL_DIR"], "model.bin"), "wb") as file:
    file.write(os.urandom(options.bytes))
"""

POINTS = ["after accept", "Create sent, answer lost", "training", "uploading", "between settle and release"]


class Scene:
    """A service, an engine inside or outside of it, and a proxy in all of their AWS calls."""

    def __init__(self, programs, work, inside, chance, judge, settings=()):
        self.inside, self.chance, self.judge = inside, chance, judge
        self.work = pathlib.Path(work)
        self.work.mkdir()
        self.wire = Wire()
        self.engine = None
        self.settings = list(settings)
        if not inside:
            self.engine = Engine(programs, self.work, options=self.wire.java_options).start()
            access, secret = self.engine.keys
            self.settings += [f"--bursar.engine.url=http://127.0.0.1:{self.engine.port}",
                              f"--bursar.engine.s3-url=http://127.0.0.1:{self.engine.s3_port}",
                              f"--bursar.engine.access-key-id={access}", f"--bursar.engine.secret-access-key={secret}"]
        self.service = Service(programs, self.work, self.wire.java_options)
        self.records = Records(self.service.home / "engine" if inside else self.engine.folder)
        self.jobs = []

    def start(self, *settings):
        self.service.start(*self.settings, *settings)

    def prepare(self):
        self.key, self.budget = self.service.lab(Decimal("20"))
        self.service.biopsies(self.key)
        self.service.ask("POST", "/api/v1/datasets", {"name": "code"}, self.key)
        self.service.ask("PUT", "/api/v1/datasets/code/files/train.py", SCRIPT, self.key, {"Content-Type": "text/x-python"})

    def post(self, spec):
        job = self.service.ask("POST", "/api/v1/jobs", spec, self.key)
        self.jobs.append(job["id"])
        return job["id"]

    def described(self, job):
        """The engine's own record, once there is one."""
        for name in self.records.names():
            if f"-{job}-" in name:
                return self.records.describe(name)
        return {}

    def ended(self, job):
        def settled():
            return self.service.job(job, self.key).get("settledAt")
        until(f"the end of {job}", settled, 180, 0.3)

    def close(self):
        self.wire.reset()
        self.service.stop()
        if self.engine:
            self.engine.stop()
        self.wire.close()

    # --- the five points: each returns once the service is dead at its point

    def after_accept(self):
        """Its first life has dispatch off, so the kill surely comes between the 202 and the Create."""
        job = self.post(xgboost_job("after accept", 10))
        time.sleep(self.chance.uniform(0, 0.5))
        self.service.kill9()
        self.judge.equal(self.records.creates(), [], "Creates before the kill")
        return job, "202 got; 0 Creates in the engine's log"

    def answer_lost(self):
        """The proxy has the engine's answer in its hands when it kills the service, and passes it to nobody."""
        killed = threading.Event()

        def kill(exchange, answer):
            if exchange.operation == "CreateTrainingJob":
                self.service.kill9()
                killed.set()
                return Wire.LOST
            return None

        self.wire.after = kill
        job = self.post(xgboost_job("answer lost", 10))
        if not killed.wait(60):
            raise TimeoutError("no Create came through the proxy")
        self.wire.reset()
        self.judge.equal(sum(f"-{job}-" in name for name in self.records.creates()), 1, "accepted Creates at the kill")
        state, arn = self.service.sql(f"select state, coalesce(arn, '') from workload where id = '{job}'")[0]
        self.judge.equal((state, arn), ("STARTING", ""), "what the database knew at the kill")
        return job, "1 accepted Create; database: STARTING, no ARN"

    def training(self):
        job = self.post(script_job("training", seconds=self.chance.uniform(6, 9), bytes=1000))
        until("Training", lambda: self.described(job).get("SecondaryStatus") == "Training"
              and any(f"-{job}-" in name for name, _ in self.records.children()), 120, 0.05)
        time.sleep(self.chance.uniform(0, 1.5))
        self.service.kill9()
        self.judge.equal(self.described(job).get("SecondaryStatus"), "Training", "the engine's record at the kill")
        return job, "record: Training"

    def uploading(self):
        """The proxy holds model.tar.gz back; half of the times it was stored already, and only the answer is lost."""
        came, go = threading.Event(), threading.Event()
        stored = self.chance.random() < 0.5

        def hold(exchange, *_):
            if exchange.method == "PUT" and exchange.path.endswith("/model.tar.gz") and not came.is_set():
                came.set()
                go.wait(120)
                return Wire.LOST if self.inside else None
            return None

        if stored:
            self.wire.after = hold
        else:
            self.wire.before = hold
        job = self.post(script_job("uploading", seconds=0.2, bytes=300_000))
        if not came.wait(120):
            raise TimeoutError("no upload came through the proxy")
        time.sleep(self.chance.uniform(0, 0.3))
        self.service.kill9()
        self.judge.equal(self.described(job).get("SecondaryStatus"), "Uploading", "the engine's record at the kill")
        go.set()
        self.wire.reset()
        return job, f"record: Uploading; model {'stored, answer held back' if stored else 'not stored yet'}"

    def settling(self):
        """Settle and release are one statement in one transaction. The judge locks the budget's row, so that the
        service hangs inside that transaction with the bill in hand; then it is killed, then the lock is let go."""
        job = self.post(script_job("settling", seconds=2, bytes=1000))
        until("the job's start", lambda: self.described(job).get("SecondaryStatus") == "Training", 120, 0.05)
        lock = subprocess.Popen(["psql", "-XAtq"], env=self.service.psql_environment(), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        lock.stdin.write("select pg_backend_pid();\n"
                         f"begin; select id from budget_window where budget_id = '{self.budget}' for update;\n")
        lock.stdin.flush()
        holder = int(lock.stdout.readline())
        lock.stdout.readline()
        blocked = f"select count(*) from pg_stat_activity where wait_event_type = 'Lock' and {holder} = any(pg_blocking_pids(pid))"
        until("the settlement hanging on the lock", lambda: self.service.sql(blocked)[0][0] == "1", 120, 0.05)
        self.judge.equal(self.described(job).get("TrainingJobStatus"), "Completed", "the engine's record at the kill")
        self.service.kill9()
        lock.communicate("rollback;\n")
        until("the orphaned transaction's end", lambda: self.service.sql(
            "select count(*) from pg_stat_activity where usename = 'bursar' and xact_start is not null")[0][0] == "0", 30)
        row = self.service.sql("select w.settled_at is null, h.held > 0, h.charged = 0, (select string_agg(kind, ' ') from"
                               " ledger_entry where hold_id = w.id) from workload w join hold h using (id)"
                               f" where id = '{job}'")[0]
        self.judge.equal(row, ["t", "t", "t", "HOLD"], "unsettled, held, uncharged, ledger at the kill")
        return job, "bill seen, transaction blocked; after it: unsettled, all held, nothing charged"


def run(programs, work, where, chance, judge, repeat, settings):
    scene = Scene(programs, work, where == "inside", chance, judge, settings)
    points = [scene.after_accept, scene.answer_lost, scene.training, scene.uploading, scene.settling]
    try:
        scene.start("--bursar.workload.dispatch=false")
        scene.prepare()
        for turn in range(repeat):
            for name, point in zip(POINTS, points):
                if turn and point == scene.after_accept:
                    continue
                begun = time.monotonic()
                before = len(judge.failures)
                job, seen = point()
                if scene.inside:
                    time.sleep(chance.uniform(0, 3))
                scene.start()
                scene.ended(job)
                judge_books(judge, scene.service, scene.records, scene.jobs, scene.budget)
                shown = scene.service.job(job, scene.key)
                print(f"  {where:7} {name:27} {'RED' if len(judge.failures) > before else 'ok ':4}"
                      f" {time.monotonic() - begun:5.1f} s  at the kill: {seen}; then {shown['state']}, attempt"
                      f" {shown['attempt']}, billed {shown['outcome']['billedSeconds']} s, charged"
                      f" ${shown['cost']['charged']}", flush=True)
    finally:
        scene.close()


def control_no_adoption(programs, work, chance, judge):
    """A lost answer leads to the next name instead of the same one: the defect that rule N2 forbids."""
    broken = programs.with_defect(
        work, "src/main/java/dev/bursar/workload/Workload.java",
        ("if (sageMakerName == null) {", "if (sageMakerName == null || arn == null) {"))
    again = broken.with_defect(
        work, "src/main/java/dev/bursar/workload/Reconciler.java",
        ("act(booking.book(claim, seen), claim, run);",
         "act(booking.book(claim, run.name().endsWith(\"-1\") ? Optional.empty() : seen), claim, run);"))
    scene = Scene(again, work / "scene", False, chance, judge)
    try:
        scene.start()
        scene.prepare()
        job, seen = scene.answer_lost()
        scene.start()
        scene.ended(job)
        until("the second training", lambda: len(scene.records.children()) > 1, 60)
        print(f"  at the kill: {seen}; Creates now: {scene.records.creates()}")
        judge_books(judge, scene.service, scene.records, scene.jobs, scene.budget)
    finally:
        scene.close()


def control_forged(programs, work, chance, judge):
    """A second training of the same workload, created behind the service's back."""
    try:
        import boto3
    except ImportError:
        skip("boto3 (pip install boto3)")
    scene = Scene(programs, work / "scene", False, chance, judge)
    try:
        scene.start()
        scene.prepare()
        job = scene.post(xgboost_job("forged", 10))
        scene.ended(job)
        access, secret = scene.engine.keys
        client = boto3.client("sagemaker", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{scene.engine.port}",
                              aws_access_key_id=access, aws_secret_access_key=secret)
        made = scene.described(job)
        name = made["TrainingJobName"][:-1] + "2"
        same = ("AlgorithmSpecification", "RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition",
                "InputDataConfig", "HyperParameters", "Environment")
        asked = {member: made[member] for member in same if member in made}
        asked["AlgorithmSpecification"].pop("MetricDefinitions", None)
        asked["OutputDataConfig"].pop("KmsKeyId", None)
        client.create_training_job(TrainingJobName=name, **asked)
        client.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=name, WaiterConfig={"Delay": 1})
        judge_books(judge, scene.service, scene.records, scene.jobs, scene.budget)
    finally:
        scene.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["inside", "outside", "both"], default="both")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="the engine outside only, and claims of 20 s")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true", help="keep homes and logs")
    parser.add_argument("--control", nargs="?", const="no-adoption", choices=["no-adoption", "forged"])
    options = parser.parse_args()
    need("java", "psql", "python3")
    if options.quick:
        options.engine = "outside"
    where = ["inside", "outside"] if options.engine == "both" else [options.engine]
    n = 1 if options.control else len(where) * (5 + 4 * (options.repeat - 1))
    chance = begin(f"kill -9 at {len(POINTS)} points" + (f"; control {options.control}" if options.control else ""),
                   options.seed, n=n)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-crash-"))
    try:
        programs = Programs(work)
        if options.control:
            control = control_no_adoption if options.control == "no-adoption" else control_forged
            control(programs, work, chance, judge)
        else:
            settings = ["--bursar.workload.claim=PT20S", "--bursar.workload.send-margin=PT8S"] if options.quick else []
            for one in where:
                run(programs, work / one, one, chance, judge, options.repeat, settings)
        return judge.verdict(bool(options.control))
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
