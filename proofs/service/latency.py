#!/usr/bin/env python3
"""How long a POST takes that holds money, beside pgbench writing the same rows on the same PostgreSQL.

Requests are sent at fixed times, whether or not earlier ones were answered, and their latency counts from the time at which
they were to be sent, so that a slow answer hides nothing. First 50 a second, then more and more, until not all of them come
through in time. Once into one hot budget, and once into the budgets of 100 labs. In the same run pgbench writes what one
admission writes (idempotency key, workload, event, hold, balance, ledger entry) in one transaction, into labs of its own in
the same database. Nothing is dispatched.

    proofs/run latency [--seconds 20] [--step 8] [--labs 100] [--bound 1000] [--seed S]
    proofs/run latency --control          the budget's row stays locked for 100 ms more; must go red
"""

import argparse
import collections
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

from common import MICRO, Decimal, Judge, Programs, begin, decimal, need, percentile, usd_per_hour
from endpoint import Endpoint
from fleet import Fleet, cheap_job, remove

RATE = 50
STEPS = [75, 100, 125, 150, 175, 200, 250, 300, 350, 400, 500, 600, 800]
THREADS = 48
MOVE = "src/main/java/dev/bursar/budget/MoneyTables.java"
DEFECT = ("select exists (select from fits)", "select exists (select from fits) and (select true from pg_sleep(0.1))")
WORST = (usd_per_hour("ml.m5.large", 10) * (600 + 720) / 3600).quantize(MICRO, decimal.ROUND_CEILING)


class Compiled(Fleet):
    """The service with all that its JVM can do; other proofs are content with less."""

    def shared_classes(self):
        return [*super().shared_classes(), "-XX:TieredStopAtLevel=4", "-Xmx512m"]


class Load:
    """Open loop: a thread takes the next time of sending, waits for it, and sends."""

    def __init__(self, fleet, name, targets, chance):
        self.port, self.name, self.targets, self.chance = fleet.replicas[0].port, name, targets, chance
        self.acknowledged, self.failures = collections.Counter(), []
        self.sent = 0

    def run(self, rate, seconds, path="/api/v1/jobs"):
        """Latencies in milliseconds, sorted, and how many answers a second came."""
        number, lock, took = int(rate * seconds), threading.Lock(), []
        order, base = [self.chance.choice(self.targets) for _ in range(number)], self.sent
        self.sent += number
        start, upcoming = time.perf_counter() + 0.5, iter(range(number))
        last = [start]

        def send(connection, each):
            lab, key = order[each]
            connection.request("POST", path, json.dumps(cheap_job(f"{self.name}-{base + each}")), {
                "Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": f"{self.name}-{base + each}"})
            answer = connection.getresponse()
            content = json.loads(answer.read())
            with lock:
                if path.endswith("/estimates") and answer.status == 200:
                    return
                if answer.status == 202 and content["state"] == "QUEUED" and not content.get("reason"):
                    self.acknowledged[lab] += 1
                else:
                    self.failures.append(f"{answer.status} {content}")

        def work():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            while True:
                with lock:
                    each = next(upcoming, None)
                if each is None:
                    return connection.close()
                intended = start + each / rate
                time.sleep(max(0, intended - time.perf_counter()))
                try:
                    send(connection, each)
                except (OSError, http.client.HTTPException, ValueError) as e:
                    connection.close()
                    with lock:
                        self.failures.append(repr(e))
                done = time.perf_counter()
                with lock:
                    took.append(1000 * (done - intended))
                    last[0] = max(last[0], done)

        threads = [threading.Thread(target=work) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(took), number / (last[0] - start)


# --- pgbench --------------------------------------------------------------------------------------------------------------

SCRIPT = r"""
\set lab random(0, :labs - 1)
\set number random(100000000000000, 999999999999999)
begin;
insert into idempotency_key (caller, key, fingerprint, created_at) values ('pgbench', 'p:number', '\x00', now()) on conflict do nothing;
insert into workload select r.* from jsonb_populate_record(null::workload, $row$%(workload)s$row$::jsonb
  || jsonb_build_object('id', 'p:number', 'lab_id', 'b:lab', 'created_at', now(), 'due_at', now())) r;
insert into event (at, type, lab_id, subject, actor, key_id, request_id, data)
  values (now(), 'workload.accepted', 'b:lab', 'p:number', 'pgbench', 'pgbench', 'p:number', $row$%(event)s$row$);
insert into hold (id, lab_id, member_id, kind, instance_type, price_book, windows, opened_at)
  select 'p:number', b.lab_id, 'ada', 'training', 'ml.m5.large', 'pgbench', array_agg(w.id order by w.id), now()
  from budget b join budget_window w on w.budget_id = b.id where b.lab_id = 'b:lab' group by b.lab_id;
with h as materialized (select id, windows from hold where id = 'p:number' for no key update),
  w as materialized (select w.* from budget_window w, h where w.id = any(h.windows) order by w.id for no key update of w),
  moved as (update hold set held = %(worst)s from h where hold.id = h.id),
  paid as (update budget_window b set held = w.held + %(worst)s from w where b.id = w.id and w.amount - w.held - w.charged >= %(worst)s)
  insert into ledger_entry (window_id, hold_id, kind, amount, at, actor, reason, price_book)
  select w.id, h.id, 'HOLD', %(worst)s, now(), 'pgbench', 'worst case held', 'pgbench' from w, h;
update idempotency_key set status = 202, location = '/api/v1/jobs/' || 'p:number', body = $row$%(answer)s$row$
  where caller = 'pgbench' and key = 'p:number';
commit;
"""


class Bench:
    """The same rows, by pgbench, into labs of its own."""

    def __init__(self, fleet, work, labs, row, event, answer):
        self.fleet, self.folder = fleet, pathlib.Path(work) / "pgbench"
        self.folder.mkdir()
        self.script = self.folder / "admission.sql"
        text = SCRIPT % {"workload": row, "event": event, "answer": answer, "worst": WORST}
        self.script.write_text(text.strip() + "\n")
        self.written = 0
        for lab in range(labs):
            fleet.replicas[0].ask("POST", "/api/v1/labs", {"id": f"b{lab}", "name": f"b{lab}"})
            fleet.replicas[0].ask("POST", "/api/v1/budgets", {"lab": f"b{lab}", "name": "bench", "amount": 1_000_000.0})

    def run(self, labs, seconds, rate=None, clients=16):
        for old in self.folder.glob("log.*"):
            old.unlink()
        done = subprocess.run(
            ["pgbench", "-n", "-f", str(self.script), "-D", f"labs={labs}", "-T", str(int(seconds)), "-c", str(clients), "-j", "2",
             "-l", "--log-prefix", str(self.folder / "log"), *(["-R", str(rate)] if rate else [])],
            env=self.fleet.database.environment(), capture_output=True, text=True)
        failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
        if done.returncode or (failed and int(failed.group(1))):
            raise AssertionError(f"pgbench: {done.stdout} {done.stderr[-2000:]}")
        took, lines = [], [line.split() for log in self.folder.glob("log.*") for line in log.read_text().splitlines()]
        for line in lines:
            took.append(int(line[2]) / 1000)  # with -R from the time at which it was scheduled
        self.written += len(took)
        return sorted(took), float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))


# --- the run --------------------------------------------------------------------------------------------------------------


def show(what, rate, took, achieved):
    print(f"  {what:34} {str(rate):>9} {achieved:8.1f}/s  p50 {percentile(took, .5):8.1f} ms  p99 {percentile(took, .99):8.1f} ms"
          f"  max {took[-1]:8.1f} ms  n {len(took)}", flush=True)
    return percentile(took, .5), percentile(took, .99)


def ladder(options, load, what):
    """The highest rate that is kept, with all answers in time."""
    best = None
    for rate in [RATE] + STEPS:
        before = len(load.failures)
        took, achieved = load.run(rate, options.seconds if rate == RATE else options.step)
        p50, p99 = show(f"POST, {what}", f"{rate}/s", took, achieved)
        kept = achieved >= 0.95 * rate and p99 <= options.bound and len(load.failures) == before
        if rate == RATE:
            first = (kept, p50, p99)
        if not kept:
            break
        best = (rate, p50, p99)
    return first, best


def prepare(options, fleet, chance):
    """Labs with a member, a file and a budget each; the first is the hot one."""
    first = fleet.replicas[0]
    hot = [("proof", fleet.data())]
    fleet.budget(1_000_000)

    def lab(number):
        name = f"lab-{number}"
        first.ask("POST", "/api/v1/labs", {"id": name, "name": name})
        first.ask("POST", f"/api/v1/labs/{name}/members", {"id": "ada", "name": "Ada", "role": "MEMBER"})
        key = first.ask("POST", "/api/v1/api-keys", {"lab": name, "member": "ada", "label": "proof"})["secret"]
        first.ask("POST", "/api/v1/datasets", {"name": "numbers"}, key)
        for attempt in range(5):
            status, answer = first.call("PUT", "/api/v1/datasets/numbers/files/train.libsvm", "1 1:0.5\n0 1:0.1\n", key,
                                        {"Content-Type": "text/plain"})
            if status < 300:
                break
            print(f"  the file of {name}: {status} {answer}; once more", flush=True)
        first.ask("POST", "/api/v1/budgets", {"lab": name, "name": "proof", "amount": 1_000_000.0})
        return name, key

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return hot, list(pool.map(lab, range(options.labs)))


def written(fleet):
    """What the first admission has left in the wide columns."""
    row = fleet.database.sql("select to_jsonb(w) from workload w order by id limit 1")[0][0]
    event = fleet.database.sql("select data from event where type = 'workload.accepted' order by id limit 1")[0][0]
    answer = fleet.database.sql("select body from idempotency_key where body is not null order by created_at limit 1")[0][0]
    return row, event, answer


def judge_rows(judge, fleet, loads, bench):
    acknowledged = sum((load.acknowledged for load in loads), collections.Counter())
    held = {lab: (int(number), Decimal(money)) for lab, number, money in fleet.database.sql(
        "select h.lab_id, count(*), sum(h.held) from hold h join workload w using (id) where h.held > 0 and h.lab_id !~ '^b[0-9]'"
        " group by 1")}
    for lab, number in acknowledged.items():
        judge.equal(held.get(lab), (number, number * WORST), f"holds of {lab}: one for each acknowledged job")
    judge.equal(sum(number for number, _ in held.values()), sum(acknowledged.values()), "holds of all labs")
    for load in loads:
        judge.equal(load.failures[:3], [], f"{len(load.failures)} answers that are not an accepted job which holds money")
    if bench:
        found = fleet.database.sql("select count(*), sum(held) from hold where lab_id ~ '^b[0-9]'")[0]
        judge.expect(int(found[0]) >= bench.written and Decimal(found[1]) == int(found[0]) * WORST,
                     f"pgbench wrote {bench.written} admissions, but there are {found}")
    judge.equal(fleet.database.sql("select * from ledger_difference"), [], "rows of ledger_difference")
    print(f"  {sum(acknowledged.values())} acknowledged, {sum(number for number, _ in held.values())} hold {WORST} each"
          + (f"; pgbench committed {bench.written}" if bench else ""))


def ratio(what, ours, theirs):
    print(f"  {what}: {ours:.1f} / {theirs:.1f} = {ours / theirs:.2f}")


def run(options, chance, judge, work):
    endpoint = Endpoint(chance.randrange(1 << 32))
    programs = Programs(work)
    if options.control:
        programs = programs.with_defect(work, MOVE, DEFECT)
    fleet = Compiled(programs, work, endpoint, 1, ["--bursar.workload.dispatch=false"])
    try:
        fleet.start()
        hot, many = prepare(options, fleet, chance)
        loads = [Load(fleet, "hot", hot, chance), Load(fleet, "many", many, chance)]
        bench, measured = None, {}
        for load in loads:  # the JVM compiles what it needs
            warm, achieved = load.run(30, options.warm)
            show("POST, warming up", "30/s", warm, achieved)
        if not options.control:
            bench = Bench(fleet, work, options.labs, *written(fleet))
        for load, what, labs in zip(loads, ("one hot budget", f"{options.labs} labs"), (1, options.labs)):
            first, best = ladder(options, load, what)
            judge.expect(first[0], f"{RATE}/s into {what} are not kept: p99 {first[2]:.0f} ms, bound {options.bound}")
            if best:
                print(f"  highest sustained rate, {what}: {best[0]}/s, p50 {best[1]:.1f} ms, p99 {best[2]:.1f} ms")
            if bench:
                took, achieved = load.run(RATE, options.step, "/api/v1/estimates")
                asked = show(f"POST /estimates, {what}", f"{RATE}/s", took, achieved)
                ratio(f"{what}, {RATE}/s, p50 in ms, job / estimate (the same checks, nothing written)", first[1], asked[0])
            if bench and best:
                took, achieved = bench.run(labs, options.seconds, RATE)
                slow = show(f"pgbench, {what}", f"{RATE}/s", took, achieved)
                took, most = bench.run(labs, options.step)
                show(f"pgbench, {what}, 16 clients", "no limit", took, most)
                ratio(f"{what}, {RATE}/s, p50 in ms, POST / pgbench", first[1], slow[0])
                ratio(f"{what}, {RATE}/s, p99 in ms, POST / pgbench", first[2], slow[1])
                ratio(f"{what}, highest rate a second, pgbench / POST", most, best[0])
            if options.control:
                break
        judge_rows(judge, fleet, loads, bench)
    finally:
        fleet.stop()
        endpoint.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="at 50 a second")
    parser.add_argument("--step", type=float, default=8, help="seconds at each higher rate")
    parser.add_argument("--warm", type=float, default=15, help="seconds before anything is measured")
    parser.add_argument("--labs", type=int, default=100)
    parser.add_argument("--bound", type=float, default=1000, help="p99 in ms up to which a rate is sustained")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    need("java", "psql", "pgbench")
    begun = time.monotonic()
    chance = begin("a POST that holds money, beside pgbench" + ("; control: the row is locked longer" if options.control else ""),
                   options.seed, labs=options.labs)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-latency-"))
    try:
        run(options, chance, judge, work)
        print(f"  {time.monotonic() - begun:.0f} s in all; load {os.getloadavg()[0]:.1f}")
        return judge.verdict(options.control)
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            remove(work)


if __name__ == "__main__":
    sys.exit(main())
