#!/usr/bin/env python3
"""What was charged, recomputed from the engine's raw state and the price lists, to the micro-dollar.

The engine runs as a process of its own, so that the service can be ended and started with other prices while a job runs, and
is started anew where it is to be nasty. The month that ends while a job runs is a month of a second service, whose clock
goes twice as fast as the real one and is a minute before the month's end. The judge reads jobs/*/job.json of the engine and
the CSV files, and holds the product against the ledger, the hold and the window of each job.

    proofs/run accuracy [--seed S] [--keep]
    proofs/run accuracy --control            a second host is forgotten; must go red
    proofs/run accuracy --control=rounding   what is charged is cut off, not rounded half up; must go red
"""

import argparse
import csv
import datetime
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

from common import (CATALOGUE, MICRO, Engine, Judge, Programs, Records, Service, begin, decimal, need, script_job, until,
                    usd_per_hour, xgboost_job)

SCRIPT = """
import argparse, sys, time
options = argparse.ArgumentParser()
options.add_argument("--seconds", type=float)
options.add_argument("--code", type=int)
options = options.parse_args()
print("training", flush=True)
time.sleep(options.seconds)
sys.exit(options.code)
"""
CONTROLS = {
    "host": ("src/main/java/dev/bursar/job/TrainingObservation.java",
             ("Duration.ofSeconds(job.billableTimeInSeconds()).multipliedBy(instances),",
              "Duration.ofSeconds(job.billableTimeInSeconds()),")),
    "rounding": ("src/main/java/dev/bursar/core/Money.java", ("RoundingMode.HALF_UP", "RoundingMode.DOWN")),
}
BOOK = "src/main/java/dev/bursar/catalogue/PriceBook.java"
DEARER = Decimal("1.5")
LAPSE = 2


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def next_month(now):
    day = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    return datetime.datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=datetime.timezone.utc).timestamp()


class Line:
    """One row of the table: work of one lab, and the prices that were pinned to it."""

    def __init__(self, case, job, catalogue=CATALOGUE, note=""):
        self.case, self.job, self.catalogue, self.note = case, job, catalogue, note


class Scene:
    """A service with its records and what was asked of it."""

    def __init__(self, service, records, judge, chance):
        self.service, self.records, self.judge, self.chance = service, records, judge, chance
        self.lines, self.key, self.budget = [], None, None

    def prepare(self, amount=20, monthly=False):
        if monthly:
            self.service.ask("POST", "/api/v1/labs", {"id": "month", "name": "month"})
            self.service.ask("POST", "/api/v1/labs/month/members", {"id": "ada", "name": "Ada", "role": "MEMBER"})
            self.key = self.service.ask("POST", "/api/v1/api-keys", {"lab": "month", "member": "ada", "label": "proof"})["secret"]
            self.budget = self.service.ask("POST", "/api/v1/budgets", {
                "lab": "month", "name": "by the month", "period": "MONTHLY", "monthlyAmount": float(amount)})["id"]
        else:
            self.key, self.budget = self.service.lab(amount)
        self.service.biopsies(self.key)
        self.service.ask("POST", "/api/v1/datasets", {"name": "code"}, self.key)
        self.service.ask("PUT", "/api/v1/datasets/code/files/train.py", SCRIPT, self.key, {"Content-Type": "text/x-python"})

    def post(self, case, spec, catalogue=CATALOGUE, note=""):
        job = self.service.ask("POST", "/api/v1/jobs", spec, self.key)["id"]
        self.lines.append(Line(case, job, catalogue, note))
        return job

    def script(self, case, seconds, code=0, hosts=1, limit="PT10M", **more):
        spec = script_job("".join(letter for letter in case if letter.isalnum() or letter == " "), seconds=seconds, code=code)
        spec["compute"]["instanceCount"], spec["maxRuntime"] = hosts, limit
        return self.post(case, spec, **more)

    def attempts(self, job):
        return [self.records.describe(name) for name in sorted(self.records.names()) if f"-{job}-" in name]

    def wait(self, job, status):
        until(f"{status} of {job}", lambda: any(each.get("SecondaryStatus") == status for each in self.attempts(job)), 120, 0.1)

    def settled(self, *jobs, seconds=180):
        for job in jobs or [line.job for line in self.lines]:
            until(f"the settlement of {job}", lambda: self.service.job(job, self.key).get("settledAt"), seconds, 0.3)

    def state(self, job):
        return self.service.sql(f"select state || coalesce(' ' || stop_cause, '') from workload where id = '{job}'")[0][0]

    def stop(self, job):
        self.service.ask("POST", f"/api/v1/jobs/{job}/stop", key=self.key)

    # --- the table

    def judge_line(self, line):
        """Attempts of the engine's record × price of the CSV, against ledger, hold and window."""
        rate, expected, billed, hosts = None, Decimal(0), 0, 1
        for each in self.attempts(line.job):
            resources = each["ResourceConfig"]
            hosts = resources["InstanceCount"]
            rate = usd_per_hour(resources["InstanceType"], resources["VolumeSizeInGB"], line.catalogue)
            seconds = each.get("BillableTimeInSeconds", 0)
            started = "TrainingStartTime" in each
            self.judge.equal(seconds > 0, started, f"{line.case}: billed only if it started")
            if started:
                length = each["TrainingEndTime"] - each["TrainingStartTime"]
                self.judge.equal(seconds, max(1, math.floor(round(length, 3))), f"{line.case}: billed seconds of {length:.3f} s in the record")
            billed += seconds
            expected += (rate * seconds * hosts / 3600).quantize(MICRO, decimal.ROUND_HALF_UP)
        charged, entries = self.service.sql("select coalesce(sum(amount), 0), count(*) from ledger_entry where kind = 'CHARGE' and"
                                            f" hold_id = '{line.job}'")[0]
        held, in_hold, overrun = self.service.sql(f"select held, charged, overrun from hold where id = '{line.job}'")[0]
        stated = Decimal(str(self.service.job(line.job, self.key)["cost"]["charged"]))
        right = Decimal(charged) == expected == Decimal(in_hold) == stated and not Decimal(held) and not Decimal(overrun)
        self.judge.expect(right, f"{line.case}: expected {expected}; ledger {charged}, hold {in_hold}, API {stated}, held {held},"
                          f" overrun {overrun}")
        self.judge.expect(int(entries) <= 1, f"{line.case}: {entries} charges")
        print(f"  {line.case:44} {self.state(line.job):19} {len(self.attempts(line.job))} {billed:6} s × {hosts} "
              f" {rate if rate is not None else '-':>13}  {expected:>9} {Decimal(charged):>9}  {'equal' if right else 'NOT EQUAL'}"
              f"{'  ' + line.note if line.note else ''}", flush=True)
        return expected

    def judge_all(self):
        total = sum((self.judge_line(line) for line in self.lines), Decimal(0))
        window = self.service.sql(f"select sum(held), sum(charged), sum(overrun) from budget_window where budget_id = '{self.budget}'")[0]
        self.judge.equal(tuple(map(Decimal, window)), (0, total, 0), "held, charged, overrun of the budget")
        self.judge.equal(self.service.sql("select * from ledger_difference"), [], "rows of ledger_difference")
        return total


def dearer(programs, work):
    """The same program with another price of training on ml.m5.large, and the price list that says so."""
    catalogue = pathlib.Path(work) / "dearer"
    shutil.copytree(CATALOGUE, catalogue)
    rows = list(csv.DictReader((CATALOGUE / "instances.csv").open()))
    for row in rows:
        if row["instance_type"] == "ml.m5.large":
            row["training_usd"] = str(Decimal(row["training_usd"]) * DEARER)
    with (catalogue / "instances.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    changed = programs.with_defect(work, BOOK, ('COMPILED = "2026-11-22"', 'COMPILED = "2026-11-25"'))
    place = pathlib.Path(work) / "dearer-classes"
    (place / "dev/bursar/catalogue").mkdir(parents=True)
    shutil.copy(catalogue / "instances.csv", place / "dev/bursar/catalogue")
    subprocess.run(["jar", "uf", str(changed.jar), "-C", str(place), "."], check=True)
    return changed, catalogue


class Outside:
    """The engine in a process of its own."""

    def __init__(self, programs, work):
        self.engine = Engine(programs, work)
        self.engine.start()
        access, secret = self.engine.keys
        self.settings = [f"--bursar.engine.url=http://127.0.0.1:{self.engine.port}",
                         f"--bursar.engine.s3-url=http://127.0.0.1:{self.engine.s3_port}", f"--bursar.engine.access-key-id={access}",
                         f"--bursar.engine.secret-access-key={secret}", "--bursar.workload.capacity-retry=PT3S"]

    def nasty(self, **jobs):
        self.engine.stop()
        (self.engine.folder / "nastiness.json").write_text(json.dumps({"jobs": jobs} if jobs else {}))
        self.engine.start()


def never_started(scene, judge):
    """With dispatch off: what is withdrawn, and what could never be paid."""
    before = [row[0] for row in scene.service.sql("select count(*) from workload union all select count(*) from ledger_entry")]
    spec = xgboost_job("unaffordable", 5)
    spec["compute"]["instanceCount"], spec["maxRuntime"] = 20, "P5D"
    status, answer = scene.service.call("POST", "/api/v1/jobs", spec, scene.key)
    after = [row[0] for row in scene.service.sql("select count(*) from workload union all select count(*) from ledger_entry")]
    judge.expect(status in (402, 409, 422) and "unaffordable" in json.dumps(answer, default=str), f"unaffordable: {status} {answer}")
    judge.equal(after, before, "workloads and ledger entries after what is unaffordable")
    print(f"  unaffordable: {status} {answer.get('type')}, asked {answer.get('asked')}, left {answer.get('left')}; no row, no entry")
    job = scene.post("withdrawn", xgboost_job("withdrawn", 5), note="stopped while QUEUED")
    held = Decimal(scene.service.sql(f"select held from hold where id = '{job}'")[0][0])
    judge.expect(held > 0, "what waits to be started holds its worst case")
    scene.stop(job)
    scene.settled(job)


def kind(scene, chance, control=False):
    """What needs no nastiness."""
    completed = [scene.post("completed", xgboost_job("completed", chance.randint(5, 60)))]
    completed.append(scene.script("completed, of two hosts", chance.uniform(2, 4), hosts=2))
    if control:
        completed += [scene.script(f"completed, again {each}", chance.uniform(1, 9)) for each in range(4)]
        return scene.settled()
    completed.append(scene.script("failed midway", chance.uniform(2, 5), code=3))
    image = script_job("image", seconds=1)
    image["algorithm"] = {"image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/of-nobody:1"}
    image["hyperparameters"] = {}
    completed.append(scene.post("failed before start", image))
    stopped = scene.script("user stop", 120)
    scene.wait(stopped, "Training")
    time.sleep(chance.uniform(1, 3))
    scene.stop(stopped)
    scene.settled()


def price_change(scene, outside, programs, work, judge, chance):
    job = scene.script("price change midway", 30, note="the pinned price")
    scene.wait(job, "Training")
    changed, catalogue = dearer(programs, work)
    scene.service.stop()
    scene.service.programs = changed
    scene.service.start(*outside.settings)
    judge.equal([each["SecondaryStatus"] for each in scene.attempts(job)], ["Training"], "it runs on at the new prices")
    after = scene.script("after the price change", chance.uniform(1, 3), catalogue=catalogue, note="the new price")
    books = dict(scene.service.sql(f"select id, price_book from hold where id in ('{job}', '{after}')"))
    judge.expect(books[job] != books[after], f"the price books of both: {books}")
    scene.settled(job, after)
    scene.service.stop()
    scene.service.programs = programs
    scene.service.start(*outside.settings)


def nasty(scene, outside):
    outside.nasty(lateStopSeconds=8, billedLateSeconds=4)
    late = scene.script("late MaxRuntime", 90, limit="PT4S", note="MaxRuntime 4 s, 8 s late")
    scene.settled(late)
    outside.nasty(capacityErrorRate=1)
    given_up = scene.script("failed before start, then stopped by its user", 3)
    retried = scene.script("failed before start, then completed", 3)
    for job in (given_up, retried):
        until(f"an attempt of {job} that found no instances", lambda: any(
            each.get("FailureReason", "").startswith("CapacityError") for each in scene.attempts(job)), 60)
    scene.stop(given_up)
    scene.settled(given_up)
    outside.nasty()
    scene.settled(retried)


def month_end(programs, work, judge, chance):
    """The clock of this service and of its engine is twice as fast, and near the end of the month."""
    home = pathlib.Path(work) / "lapsed"
    service = Service(programs, home)
    service.home.mkdir(parents=True, mode=0o700)
    begun = time.time()
    end = next_month(begun)
    origin = LAPSE * begun - (end - 120)
    (service.home / "time.lapse").write_text(iso(origin))
    scene = Scene(service, Records(service.home / "engine"), judge, chance)
    try:
        service.start(f"--bursar.time.lapse={LAPSE}")
        scene.prepare(amount=5, monthly=True)
        left = (end - (LAPSE * time.time() - origin)) / LAPSE
        judge.expect(left > 3, f"too slow: {left:.0f} s before the end of the month")
        time.sleep(max(0, left - 6))
        job = scene.script("month end midway", 12, note=f"its month ended {iso(end)[:10]}")
        scene.wait(job, "Training")
        time.sleep(max(0, (end - (LAPSE * time.time() - origin)) / LAPSE) + 1)
        judge.equal([each["SecondaryStatus"] for each in scene.attempts(job)], ["Training"], "it runs as the month ends")
        second = scene.script("in the next month", 2)
        scene.settled()
        record = scene.attempts(job)[0]
        judge.expect(record["TrainingStartTime"] < end < record["TrainingEndTime"], "it began before and ended after the end of the month")
        expected = {line.job: scene.judge_line(line) for line in scene.lines}
        months = {month: Decimal(charged) for month, charged in service.sql(
            f"select month, charged from budget_window where budget_id = '{scene.budget}'")}
        names = [iso(end - 86400)[:7], iso(end)[:7]]
        judge.equal([months.get(name) for name in names], [expected[job], expected[second]], f"charged in {names}")
        judge.equal(service.sql("select * from ledger_difference"), [], "rows of ledger_difference")
    finally:
        service.stop()


def run(options, chance, judge, work):
    programs = Programs(work)
    if options.control:
        programs = programs.with_defect(work, CONTROLS[options.control][0], CONTROLS[options.control][1])
    outside = Outside(programs, work)
    service = Service(programs, work)
    scene = Scene(service, Records(outside.engine.folder), judge, chance)
    print(f"  {'case':44} {'state':19} attempts, billed × hosts    USD an hour   expected   charged", flush=True)
    try:
        service.start(*outside.settings, "--bursar.workload.dispatch=false")
        scene.prepare()
        never_started(scene, judge)
        service.stop()
        service.start(*outside.settings)
        kind(scene, chance, bool(options.control))
        if not options.control:
            price_change(scene, outside, programs, work, judge, chance)
            nasty(scene, outside)
        total = scene.judge_all()
        print(f"  Σ {total}, held 0")
    finally:
        service.stop()
        outside.engine.stop()
    if not options.control:
        month_end(programs, work, judge, chance)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", nargs="?", const="host", choices=list(CONTROLS))
    options = parser.parse_args()
    need("java", "psql", "javac", "jar")
    begun = time.monotonic()
    chance = begin("charged: billed × price" + (f"; control: {options.control}" if options.control else ""), options.seed)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-accuracy-"))
    try:
        run(options, chance, judge, work)
        print(f"  {time.monotonic() - begun:.0f} s in all")
        return judge.verdict(bool(options.control))
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
