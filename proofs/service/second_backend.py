#!/usr/bin/env python3
"""Against moto_server, a back end that nobody here wrote, through a recording proxy. Every request is judged
by botocore's service models; errors that are no AWS errors (HTML, 500, a line cut off) leave the job in a clear state,
with its hold, and without a storm of calls.

    proofs/run second_backend [--seed S] [--keep]
    proofs/run second_backend --control     requests broken one by one, on the way to the judge; must go red
"""

import argparse
import collections
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from common import (Decimal, Judge, Programs, Service, begin, can_connect, clean_environment, free_port, need, script_job,
                    skip, until, xgboost_job)
from wire import Wire

try:
    import botocore
    from model import Model
except ImportError:
    skip("botocore (pip install botocore)")

HTML = (500, [("Content-Type", "text/html; charset=utf-8")],
        b"<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n")
NOT_FOUND = (400, [("Content-Type", "application/x-amz-json-1.1")],
             b'{"__type": "ValidationException", "message": "Requested resource not found."}')
ERRORS = " ERROR "


class Scene:
    def __init__(self, work, judge):
        self.judge = judge
        self.moto_port = free_port()
        self.moto_log = open(work / "moto.log", "ab")
        self.moto = subprocess.Popen(["moto_server", "-H", "127.0.0.1", "-p", str(self.moto_port)], stdout=self.moto_log,
                                     stderr=subprocess.STDOUT, env=clean_environment(), start_new_session=True)
        until("moto's port", lambda: can_connect(self.moto_port), 60)
        self.wire = Wire(f"127.0.0.1:{self.moto_port}")
        self.service = Service(Programs(work), work)
        self.settings = [f"--bursar.engine.url={self.wire.url}", f"--bursar.engine.s3-url={self.wire.url}",
                         "--bursar.engine.access-key-id=AKIAMOTO", "--bursar.engine.secret-access-key=moto",
                         "--bursar.aws.region=us-east-1", "--bursar.workload.billing-patience=PT3S"]

    def prepare(self):
        self.service.start(*self.settings)
        self.key, self.budget = self.service.lab(Decimal(5))
        self.service.biopsies(self.key)
        self.service.ask("POST", "/api/v1/datasets", {"name": "code"}, self.key)
        self.service.ask("PUT", "/api/v1/datasets/code/files/train.py", "print('hello')\n", self.key,
                         {"Content-Type": "text/x-python"})

    def close(self):
        self.wire.reset()
        self.service.stop()
        self.moto.terminate()
        self.moto.wait()
        self.moto_log.close()
        self.wire.close()

    def post(self, spec):
        return self.service.ask("POST", "/api/v1/jobs", spec, self.key)["id"]

    def job(self, job):
        return self.service.job(job, self.key)

    def settled(self, job, seconds=60):
        until(f"the end of {job}", lambda: self.job(job).get("settledAt"), seconds, 0.3)
        return self.job(job)

    def calls(self, operation, job=None):
        return [exchange for exchange in self.wire.exchanges if exchange.operation == operation
                and (job is None or f"-{job}-".encode() in exchange.body)]

    def show(self, title, shown):
        print(f"  {title}: {shown['state']}, reason {shown.get('reason')}, held {shown['cost']['held']}, charged"
              f" {shown['cost']['charged']}, message: {shown.get('message')}", flush=True)

    def watch(self, title, job, operation, states, seconds=6):
        """For a while: a clear state with a message, the hold kept, calls at a walking pace."""
        until(f"the first {operation}", lambda: self.calls(operation, job), 60)
        time.sleep(1)
        before, begun = len(self.calls(operation, job)), time.monotonic()
        time.sleep(seconds)
        pace = (len(self.calls(operation, job)) - before) / (time.monotonic() - begun)
        shown = self.job(job)
        self.show(title, shown)
        print(f"    {len(self.calls(operation, job))} × {operation}, {pace:.1f} a second")
        self.judge.expect(shown["state"] in states, f"{title}: state {shown['state']}")
        self.judge.expect(shown.get("message"), f"{title}: no message")
        self.judge.expect("<" not in (shown.get("message") or ""), f"{title}: HTML in the message: {shown.get('message')}")
        self.judge.equal(shown["cost"]["held"], shown["cost"]["worstCase"], f"{title}: held")
        self.judge.expect(pace <= 2, f"{title}: {pace:.1f} calls a second")
        self.judge.equal(self.service.call("GET", "/actuator/health")[0], 200, f"{title}: health")
        return shown

    # --- what happens

    def plain(self):
        for spec in (xgboost_job("plain", 5), script_job("script", epochs=3)):
            shown = self.settled(self.post(spec))
            self.show(f"moto, {spec['name']}", shown)
            self.judge.equal(shown["state"], "COMPLETED", "state at moto")
            self.judge.equal((shown["cost"]["held"], shown["cost"]["charged"]), (Decimal(0), Decimal(0)), "money at moto")
            for part in ("logs", "artifacts/model.tar.gz", "artifacts"):
                status, answer = self.service.call("GET", f"/api/v1/jobs/{shown['id']}/{part}", key=self.key)
                print(f"    GET …/{part}: {status} {str(answer)[:150]}")
                self.judge.expect(status < 500 or "type" in (answer or {}), f"{part} was answered {status}")

    def create_fails(self):
        """HTML in place of Create's answer, not passed on; later it is let through."""
        self.wire.before = lambda exchange: HTML if exchange.operation == "CreateTrainingJob" else None
        job = self.post(xgboost_job("create fails", 5))
        self.watch("Create answered with 500 HTML", job, "CreateTrainingJob", {"STARTING", "QUEUED"})
        self.wire.reset()
        shown = self.settled(job, 150)
        self.show("  then let through", shown)
        self.judge.equal(shown["state"], "COMPLETED", "state after the failing Create")
        self.judge.equal(shown["attempt"], 1, "attempts after the failing Create")
        names = {json.loads(exchange.body)["TrainingJobName"] for exchange in self.calls("CreateTrainingJob", job)}
        self.judge.equal(len(names), 1, "names of the repeated Creates")

    def create_lost(self):
        """moto creates it, and the line is cut before the answer: the job is found, not made again."""
        self.wire.after = lambda exchange, answer: (
            Wire.LOST if exchange.operation == "CreateTrainingJob" and len(lost) < 1 and not lost.append(1) else None)
        lost = []
        job = self.post(xgboost_job("create lost", 5))
        shown = self.settled(job, 150)
        sent = [exchange.status for exchange in self.calls("CreateTrainingJob", job)]
        self.show("Create's answer cut off", shown)
        print(f"    Creates on the wire: {sent}")
        self.judge.equal(shown["state"], "COMPLETED", "state after the lost answer")
        self.judge.equal(len(sent), 1, "Creates on the wire after the lost answer (rule N4: no retry unseen)")

    def describe_fails(self):
        self.wire.before = lambda exchange: HTML if exchange.operation == "DescribeTrainingJob" else None
        job = self.post(xgboost_job("describe fails", 5))
        self.watch("Describe answered with 500 HTML", job, "DescribeTrainingJob", {"STARTING", "IN_PROGRESS"})
        self.wire.reset()
        shown = self.settled(job)
        self.show("  then let through", shown)
        self.judge.equal(shown["state"], "COMPLETED", "state after the failing Describe")

    def stop_fails(self):
        """moto cannot stop trainings. The proxy makes it look unfinished, so that there is something to stop."""
        self.wire.after = self.unfinished
        job = self.post(xgboost_job("stop fails", 5))
        until("IN_PROGRESS", lambda: self.job(job)["state"] == "IN_PROGRESS")
        self.service.ask("POST", f"/api/v1/jobs/{job}/stop", key=self.key)
        self.watch("Stop at moto", job, "StopTrainingJob", {"STOPPING"})
        answers = collections.Counter(exchange.status for exchange in self.calls("StopTrainingJob", job))
        print(f"    moto's answers to StopTrainingJob: {dict(answers)}")
        self.judge.expect(all(status >= 400 for status in answers), "moto can stop by now: this case shows nothing")
        self.wire.reset()
        shown = self.settled(job)
        self.show("  then Describe says what moto says", shown)
        self.judge.equal(shown["state"], "COMPLETED", "state after a stop that came too late")

    def forgotten(self):
        """Describe finds nothing for a while, as SageMaker sometimes does: unknown, not gone (rule N3)."""
        self.wire.after = self.unfinished
        job = self.post(xgboost_job("forgotten", 5))
        until("IN_PROGRESS", lambda: self.job(job)["state"] == "IN_PROGRESS")
        self.service.stop()
        self.service.start(*self.settings, "--bursar.workload.claim=PT6S", "--bursar.workload.send-margin=PT3S",
                           "--bursar.workload.unknown=PT30S")
        self.service.sql(f"update workload set unknown_until = created_at where id = '{job}'")  # as if it were old
        self.wire.before = lambda exchange: NOT_FOUND if exchange.operation == "DescribeTrainingJob" else None
        self.watch("a running job not found", job, "DescribeTrainingJob", {"IN_PROGRESS"})
        self.wire.before = lambda exchange: None
        time.sleep(2)
        shown = self.job(job)
        self.show("  then found again", shown)
        self.judge.equal((shown["state"], shown.get("message")), ("IN_PROGRESS", None), "found again")
        self.wire.reset()
        self.judge.equal(self.settled(job)["state"], "COMPLETED", "state after it was not found for a while")

    @staticmethod
    def unfinished(exchange, answer):
        """Makes moto's jobs, which are over at once, look as if they trained."""
        if exchange.operation != "DescribeTrainingJob" or answer[0] != 200:
            return None
        body = json.loads(answer[2])
        body.update(TrainingJobStatus="InProgress", SecondaryStatus="Training")
        body.pop("TrainingEndTime", None)
        return answer[0], answer[1], json.dumps(body).encode()

    def restart(self):
        """While moto is deaf: no crash loop, and everything is still there."""
        self.wire.before = lambda exchange: HTML if exchange.target else None
        job = self.post(xgboost_job("restart", 5))
        until("a Create", lambda: self.calls("CreateTrainingJob", job))
        self.service.stop()
        self.service.start(*self.settings)
        self.watch("after a restart, all calls answered with 500 HTML", job, "DescribeTrainingJob",
                   {"STARTING", "QUEUED"}, 3)
        self.wire.reset()
        shown = self.settled(job, 200)
        self.show("  then let through", shown)
        self.judge.equal(shown["state"], "COMPLETED", "state after the restart")

    def judge_requests(self):
        model, counts, wrong = Model(), collections.Counter(), collections.Counter()
        for exchange in self.wire.exchanges:
            operation, problems = model.problems(exchange)
            counts[operation] += 1
            for problem in problems:
                wrong[operation] += 1
                self.judge.expect(False, f"{operation}: {problem}", shown=wrong[operation] <= 3)
        self.judge.expect(counts, "nothing was recorded")
        print(f"  {sum(counts.values())} requests judged by botocore {botocore.__version__}: "
              + ", ".join(f"{name} {count} ({wrong[name]} wrong)" for name, count in sorted(counts.items()))
              + f"; the SDK's own checksum of an empty body on GetObject: {model.sdk_extras}")


def breakages():
    """One broken request each: what is done to a good CreateTrainingJob, and what the judge must say."""
    def edit(change):
        def edited(body):
            change(body)
            return body
        return edited

    return {
        "required member missing": edit(lambda body: body.pop("RoleArn")),
        "unknown member": edit(lambda body: body.update(Budget=20)),
        "wrong type": edit(lambda body: body["StoppingCondition"].update(MaxRuntimeInSeconds="600")),
        "below the range": edit(lambda body: body["StoppingCondition"].update(MaxRuntimeInSeconds=0)),
        "no value of the enum": edit(lambda body: body["ResourceConfig"].update(InstanceType="ml.m5.huge")),
        "not the pattern": edit(lambda body: body.update(TrainingJobName="under_score")),
        "too long": edit(lambda body: body.update(TrainingJobName="a" * 64)),
        "too many": edit(lambda body: body.update(Tags=[{"Key": str(n), "Value": ""} for n in range(51)])),
    }


def control(scene, judge):
    """Every breakage must be seen; the judge is then as red as the control asks for."""
    scene.settled(scene.post(xgboost_job("plain", 5)))
    good = scene.calls("CreateTrainingJob")[0]
    model = Model()
    judge.equal(model.problems(good)[1], [], "the good request")
    if judge.failures:
        return
    body = good.body
    for name, change in breakages().items():
        good.body = json.dumps(change(json.loads(body))).encode()
        problems = model.problems(good)[1]
        print(f"  {name}: {problems}")
        if not problems:
            raise AssertionError(f"not seen: {name}")
        for problem in problems:
            judge.expect(False, f"CreateTrainingJob: {problem}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    need("java", "psql", "moto_server")
    begin("moto_server behind a recording proxy" + ("; control: broken requests" if options.control else ""),
          options.seed, n=1 if options.control else 8)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-moto-"))
    scene = Scene(work, judge)
    try:
        scene.prepare()
        if options.control:
            control(scene, judge)
            return judge.verdict(True)
        for step in (scene.plain, scene.create_fails, scene.create_lost, scene.describe_fails, scene.stop_fails,
                     scene.restart, scene.forgotten):
            step()
        scene.judge_requests()
        left = scene.service.sql(f"select held, charged, overrun from budget_window where budget_id = '{scene.budget}'")
        judge.equal([Decimal(value) for value in left[0]], [0, 0, 0], "held, charged, overrun at the end")
        errors = [line for line in scene.service.log.read_text(errors="replace").splitlines() if ERRORS in line]
        print(f"  ERROR lines in the service's log: {len(errors)}" + "".join(f"\n    {line[:200]}" for line in errors[:5]))
        judge.equal(len(errors), 0, "ERROR lines")
        return judge.verdict()
    finally:
        scene.close()
        if options.keep or judge.failures and not options.control or sys.exc_info()[0]:
            print(f"home and logs: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
