#!/usr/bin/env python3
"""PostgreSQL is lost while 20 jobs run: stopped as it is (SIGSTOP) with all its connections open, and killed -9; once a server
of its own and once the one that the service brings. Callers are told so within 3 s by a 503 problem with Retry-After, readiness
is DOWN and health does not hang, liveness stays UP; afterwards everything goes on by itself, the embedded server is started
again with the same data, and each job is created once and charged what the stand-in for SageMaker billed, to the micro-dollar.

    proofs/run database [--seconds 120] [--quick] [--only external|embedded] [--seed S] [--keep]
    proofs/run database --control     nobody takes PostgreSQL's pulse; must go red
"""

import argparse
import collections
import decimal
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from common import MICRO, Decimal, Engine, Judge, Programs, Service, begin, need, quoted, until, usd_per_hour
from endpoint import Course, Endpoint
from fleet import PostgreSQL, cheap_job

JOBS, CLIENTS, BOUND = 20, 12, 3.0
PULSE = "src/main/java/dev/bursar/database/Pulse.java"
NO_PULSE = [("return silentSince != null;", "return false;"), ("lines.cut();", "")]


class Postgres:
    """The processes of one server, wherever it came from."""

    def __init__(self, data):
        self.file = pathlib.Path(data) / "postmaster.pid"

    def postmaster(self):
        return int(self.file.read_text().splitlines()[0])

    def all(self):
        first = self.postmaster()
        below = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True).stdout.split()
        return [first, *map(int, below)]

    def signal(self, what, pids):
        for pid in pids:
            try:
                os.kill(pid, what)
            except ProcessLookupError:
                pass


class Callers:
    """People who ask again and again, and how long they waited for which answer."""

    def __init__(self, service, key, paths, expects):
        self.service, self.key, self.paths, self.expects = service, key, paths, expects
        self.over, self.answers = threading.Event(), []
        self.threads = [threading.Thread(target=self.ask, args=(number,), daemon=True) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def ask(self, number):
        while not self.over.is_set():
            path = self.paths[number % len(self.paths)]
            number += 1
            begun = time.monotonic()
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
                connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"} if path.startswith("/api") else {})
                answer = connection.getresponse()
                body = answer.read()
                status, kind, again = answer.status, answer.headers.get_content_type(), answer.headers.get("Retry-After")
                connection.close()
            except (OSError, http.client.HTTPException) as e:
                status, kind, again, body = 0, repr(e), None, b""
            self.answers.append((begun, time.monotonic() - begun, path, status, kind, again, body))
            time.sleep(0.1)

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(90)
        return self.answers


def judge_answers(judge, what, answers, lost, back):
    """Those that were begun while PostgreSQL was away, from half a second after it was lost."""
    away = [answer for answer in answers if lost <= answer[0] < back - 0.5]
    longest = max((answer[1] for answer in away), default=0)
    counts = collections.Counter((answer[2].split("?")[0].rsplit("/", 1)[0], answer[3]) for answer in away)
    print(f"  {what}: {len(away)} asked while it was away, the longest wait {longest:.2f} s: {dict(counts)}", flush=True)
    judge.expect(len(away) > 10, f"{what}: nobody asked")
    judge.expect(longest <= BOUND, f"{what}: somebody waited {longest:.2f} s")
    for _, _, path, status, kind, again, body in away:
        if path.startswith("/api"):
            judge.expect(status == 503 and kind == "application/problem+json" and again
                         and json.loads(body)["type"] == "/problems/database-unavailable",
                         f"{what}: {path} was answered {status} {kind} {again}", shown=False)
        elif path.endswith("liveness"):
            judge.expect(status == 200, f"{what}: liveness {status}", shown=False)
    late = [answer for answer in away if "readiness" in answer[2] and answer[0] >= lost + BOUND]
    judge.expect(late and all(answer[3] == 503 for answer in late), f"{what}: readiness was not DOWN")
    health = [answer for answer in away if answer[2].endswith("/health") and answer[0] >= lost + BOUND]
    judge.expect(health and all(answer[3] == 503 for answer in health), f"{what}: health was not DOWN")


def lose(judge, scene, how, seconds):
    """Takes PostgreSQL away for so long, or for as long as it takes to be started again, and sees what callers are told."""
    service, postgres, job = scene.service, scene.postgres, scene.jobs[0]
    what = f"{scene.name}, {how}"
    paths = [f"/api/v1/jobs/{job}", "/api/v1/jobs?limit=20", "/api/v1/budgets", "/actuator/health/readiness",
             "/actuator/health/liveness", "/actuator/health"]
    callers = Callers(service, service.admin, paths, 503)
    time.sleep(1.5)
    pids, first = postgres.all(), postgres.postmaster()
    lost = time.monotonic()
    postgres.signal(signal.SIGSTOP if how == "stopped" else signal.SIGKILL, pids if how == "stopped" else [first])
    if how == "stopped":
        time.sleep(seconds)
        back = time.monotonic()
        postgres.signal(signal.SIGCONT, pids)
    elif scene.server is not None:
        time.sleep(min(seconds, 10))
        back = time.monotonic()
        scene.server.program("pg_ctl", "start", "-w", "-t", "60", "-s", "-D", scene.server.data, "-l", scene.server.log)
    else:
        until("the embedded server's restart", lambda: postgres.file.exists() and postgres.postmaster() != first, 60, 0.05)
        back = time.monotonic()
    until("readiness again", lambda: service.call("GET", "/actuator/health/readiness", timeout=10)[0] == 200, 60, 0.1)
    ready = time.monotonic()
    until("answers again", lambda: service.call("GET", "/api/v1/jobs", timeout=10)[0] == 200, 30, 0.1)
    time.sleep(1)
    answers = callers.end()
    if how == "stopped" or scene.server is not None:
        judge_answers(judge, what, answers, lost, back)
    else:
        judge.expect(all(answer[1] <= BOUND for answer in answers), f"{what}: somebody waited {max(a[1] for a in answers):.2f} s")
    bad = collections.Counter(answer[3] for answer in answers if answer[3] not in (200, 503))
    judge.expect(not bad, f"{what}: other answers {dict(bad)}")
    after = [answer for answer in answers if answer[0] > ready + 0.5 and answer[2].startswith("/api")]
    judge.expect(after and all(answer[3] == 200 for answer in after), f"{what}: not everybody was answered afterwards")
    print(f"  {what}: away {back - lost:.1f} s, ready {ready - back:.1f} s after", flush=True)
    judge.expect(ready - back <= 15, f"{what}: ready only {ready - back:.1f} s after")


class Scene:
    """A service on one of the two kinds of PostgreSQL, and 20 jobs that run."""

    def __init__(self, name, programs, work, chance, seconds):
        self.name, self.work = name, pathlib.Path(work) / name
        self.work.mkdir()
        self.endpoint = Endpoint(chance.randrange(1 << 32), course=Course(training=(seconds * 0.5, seconds * 3)))
        self.s3 = Engine(programs, self.work, hosts=1, options=["-Xmx128m"])
        self.server = PostgreSQL(programs, self.work) if name == "external" else None
        self.service = Service(programs, self.work)
        if self.server is not None:
            self.service.psql_environment = self.server.environment
            self.service.end_postgres = lambda: None

    def start(self):
        self.s3.start()
        access, secret = self.s3.keys
        settings = [f"--bursar.engine.url={self.endpoint.door('service')}", f"--bursar.engine.access-key-id={access}",
                    f"--bursar.engine.s3-url=http://127.0.0.1:{self.s3.s3_port}", f"--bursar.engine.secret-access-key={secret}"]
        if self.server is not None:
            self.server.start()
            settings += self.server.settings("proof")
        self.service.start(*settings)
        self.postgres = Postgres(self.server.data if self.server else self.service.home / "postgres/data")
        self.key, self.budget = self.service.lab(100)
        self.service.ask("POST", "/api/v1/datasets", {"name": "numbers"}, self.key)
        self.service.ask("PUT", "/api/v1/datasets/numbers/files/train.libsvm", "1 1:0.5\n0 1:0.1\n", self.key,
                         {"Content-Type": "text/plain"})
        self.jobs = [self.service.ask("POST", "/api/v1/jobs", cheap_job(f"job-{number}", seconds=3600), self.key)["id"]
                     for number in range(JOBS)]
        until("all are created", lambda: len(self.endpoint.accepted()) == JOBS, 60)
        return self

    def judge_money(self, judge, patience):
        """By psql, and by what the stand-in billed."""
        service = self.service
        until("all are settled", lambda: service.sql("select count(*) from workload where settled_at is null")[0][0] == "0",
              patience, 1)
        accepted, total = collections.Counter(self.endpoint.accepted()), Decimal(0)
        rate = usd_per_hour("ml.m5.large", 10)
        for job in self.jobs:
            made = [name for name in accepted if f"-{job}-" in name]
            judge.equal((len(made), sum(accepted[name] for name in made)), (1, 1), f"Creates of {job}")
            bill = (rate * self.endpoint.jobs[made[0]].billed() / 3600).quantize(MICRO, decimal.ROUND_HALF_UP)
            total += bill
            held, charged, overrun = service.sql(f"select held, charged, overrun from hold where id = '{job}'")[0]
            judge.equal((Decimal(held), Decimal(charged), Decimal(overrun)), (0, bill, 0), f"position of {job}")
        window = service.sql(f"select held, charged, overrun from budget_window where budget_id = '{self.budget}'")[0]
        judge.equal(tuple(map(Decimal, window)), (0, total, 0), "held, charged, overrun of the budget")
        entered = service.sql("select kind, sum(amount) from ledger_entry where hold_id in"
                              f" ({quoted(self.jobs)}) group by kind order by kind")
        sums = {kind: Decimal(amount) for kind, amount in entered}
        judge.equal(sums.get("CHARGE"), total, "charged by the ledger")
        judge.equal(sums.get("HOLD", 0), sums.get("CHARGE", 0) + sums.get("RELEASE", 0), "held = charged + released")
        judge.equal(service.sql("select count(*) from ledger_difference")[0][0], "0", "differences of the ledger")
        print(f"  {self.name}: {JOBS} jobs ended, charged {total} = the bills", flush=True)

    def stop(self):
        if self.service.process is not None:
            try:
                self.postgres.signal(signal.SIGCONT, self.postgres.all())
            except (OSError, AttributeError):
                pass
        self.service.stop()
        self.s3.stop()
        if self.server is not None:
            self.server.stop()
        self.endpoint.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120, help="for which PostgreSQL is stopped")
    parser.add_argument("--quick", action="store_true", help="12 s")
    parser.add_argument("--only", choices=["external", "embedded"])
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.seconds = 12
    need("java", "psql", "ps", *(["javac", "jar"] if options.control else []))
    chance = begin("PostgreSQL is lost" + ("; control: nobody takes its pulse" if options.control else ""), options.seed,
                   jobs=JOBS, seconds=options.seconds)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-database-"))
    scene = None
    try:
        programs = Programs(work)
        if options.control:
            programs = programs.with_defect(work, PULSE, *NO_PULSE)
        for name in [options.only] if options.only else ["external", "embedded"]:
            scene = Scene(name, programs, work, chance, options.seconds).start()
            try:
                lose(judge, scene, "stopped", options.seconds)
                if not options.control:
                    lose(judge, scene, "killed", options.seconds)
                    scene.judge_money(judge, options.seconds * 3 + 120)
            except TimeoutError as e:
                judge.expect(False, f"{name}: {e}")
            finally:
                scene.stop()
            if options.control:
                break
        return judge.verdict(options.control)
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
