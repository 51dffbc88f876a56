#!/usr/bin/env python3
"""Three service processes on one PostgreSQL, 64 clients, 10,000 submissions at mixed prices.

Phase A, nothing ends: what holds money is the most that the order of acceptance affords. The judge replays the order from
PostgreSQL's own commit timestamps: every submission that found room holds its worst case, and every one that waits really
found too little. Phase B, work ends all the time: a watcher of its own, every 100 ms, never sees more held and charged than
there is; at the end what was charged is what was billed, times the price, by the endpoint's record. No 5xx at any time.

    proofs/run race [--submissions 10000] [--more 1000] [--clients 64] [--share 0.3] [--minutes 25] [--seed S] [--keep]
    proofs/run race --control            room neither looked at by the code nor checked by the database; must go red
    proofs/run race --control=starved    the code thinks that there is less room than there is; must go red
"""

import argparse
import collections
import concurrent.futures
import http.client
import json
import pathlib
import sys
import tempfile
import threading
import time

from common import MICRO, Decimal, Judge, Programs, begin, decimal, need, percentile, usd_per_hour
from endpoint import Course, Endpoint
from fleet import Fleet, Line, cheap_job, remove

TYPES = ["ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.c5.xlarge", "ml.c5.2xlarge", "ml.m5.4xlarge"]
LENGTHS = [60, 300, 600, 1800, 3600]
END = 300 + 120 + 300  # rule M4: late end, grace, upload
MOVE = "src/main/java/dev/bursar/budget/MoneyTables.java"
ROOM = "where h.grown <= 0 or h.grown <= tightest.room"
CONTROLS = {"unchecked": "where true", "starved": "where h.grown <= 0 or h.grown * 40 <= tightest.room"}


class Clients:
    """Each client keeps its connection, as a program does; what it was told is its journal."""

    def __init__(self, fleet, key, number):
        self.fleet, self.key, self.number = fleet, key, number
        self.own = threading.local()
        self.answers = []

    def post(self, asked):
        sent = json.dumps(asked)
        replica = self.fleet.replicas[int(asked["name"][2:]) % len(self.fleet.replicas)]
        connections = self.own.__dict__.setdefault("connections", {})
        begun = time.time()
        for attempt in range(3):
            try:
                if replica.port not in connections:
                    connections[replica.port] = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=120)
                connection = connections[replica.port]
                connection.request("POST", "/api/v1/jobs", sent, {"Authorization": f"Bearer {self.key}",
                                   "Content-Type": "application/json", "Idempotency-Key": asked["name"]})
                answer = connection.getresponse()
                content = json.loads(answer.read(), parse_float=Decimal)
                break
            except (OSError, http.client.HTTPException):
                connections.pop(replica.port).close()
                if attempt == 2:
                    raise
        self.answers.append((asked, answer.status, content, begun, time.time()))

    def all(self, asked):
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self.number) as pool:
            posts = [pool.submit(self.post, one) for one in asked]
            while any(not post.done() for post in posts):
                concurrent.futures.wait(posts, 20)
                done = sum(post.done() for post in posts)
                print(f"    {done} of {len(posts)} submitted, {done / (time.monotonic() - begun):.0f} a second", flush=True)
        for post in posts:
            post.result()
        took = sorted(1000 * (end - start) for *_, start, end in self.answers[-len(asked):])
        print(f"  {len(asked)} submissions in {time.monotonic() - begun:.0f} s by {self.number} clients: p50"
              f" {percentile(took, .5):.0f} ms, p99 {percentile(took, .99):.0f} ms, max {took[-1]:.0f} ms", flush=True)


class Watcher(threading.Thread):
    """Looks at the budget on a connection of its own, without a pause between looks longer than 100 ms if it can."""

    LOOK = "select amount, held, charged, overrun from budget_window"

    def __init__(self, database, judge):
        super().__init__(daemon=True)
        self.line, self.judge = Line(database), judge
        self.looks, self.overdrawn, self.highest, self.done = 0, 0, Decimal(0), threading.Event()

    def run(self):
        while not self.done.wait(0.1):
            for amount, held, charged, overrun in self.line.sql(self.LOOK):
                self.looks += 1
                used = Decimal(held) + Decimal(charged)
                self.highest = max(self.highest, used / Decimal(amount))
                right = used <= Decimal(amount) and not Decimal(overrun)
                self.overdrawn += not right
                self.judge.expect(right, f"seen: held {held} + charged {charged} > amount {amount}, or overrun {overrun}",
                                  shown=self.overdrawn <= 3)

    def end(self):
        self.done.set()
        self.join(10)
        self.line.close()
        print(f"  the watcher looked {self.looks} times; at most {100 * self.highest:.4f} % of the budget was held or charged;"
              f" overdrawn {self.overdrawn} times")


def worst_case(asked):
    """By the price lists."""
    compute, seconds = asked["compute"], int(asked["maxRuntime"][2:-1])
    rate = usd_per_hour(compute["instanceType"], compute["volumeSizeGb"])
    return (rate * (seconds + END) * compute["instanceCount"] / 3600).quantize(MICRO, decimal.ROUND_CEILING)


def judge_order(judge, fleet, budget, clients):
    """Replays the order in which the transactions of the submissions were committed. Each had the budget's row locked to
    its end, so that this is the order in which they were decided."""
    own = {answer["id"]: worst_case(asked) for asked, status, answer, *_ in clients.answers if status == 202}
    interval = {answer["id"]: (begun, ended) for _, status, answer, begun, ended in clients.answers if status == 202}
    amount = Decimal(fleet.database.sql(f"select amount from budget_window where budget_id = '{budget}'")[0][0])
    rows = fleet.database.sql("select w.id, coalesce(w.reason, ''), coalesce(h.held, 0), extract(epoch from"
                              " pg_xact_commit_timestamp(w.xmin)) from workload w left join hold h on h.id = w.id"
                              " order by pg_xact_commit_timestamp(w.xmin), w.id")
    judge.equal(sorted(row[0] for row in rows), sorted(own), "workloads in the database: those that were acknowledged")
    room, holding, waiting, wrong, outside = amount, 0, 0, 0, 0
    for job, reason, held, at in rows:
        worst, held = own.get(job, Decimal(0)), Decimal(held)
        fits = worst <= room
        good = (held, reason) == ((worst, "") if fits else (Decimal(0), "BUDGET"))
        wrong += not good
        judge.expect(good, f"{job}: worst case {worst}, room {room} in its turn, holds {held}, waits for {reason or 'nothing'}",
                     shown=wrong <= 3)
        begun, ended = interval.get(job, (0, 0))
        outside += not begun - 0.01 <= float(at) <= ended + 0.01
        room -= held
        holding, waiting = holding + (held > 0), waiting + (held == 0)
    judge.equal(outside, 0, "commits outside of the time between request and answer in the clients' journal")
    least = min((own[job] for job, reason, *_ in rows if reason and job in own), default=None)
    judge.expect(room >= 0, f"overdrawn: {room} left")
    judge.expect(least is None or least > room, f"the cheapest that waits needs {least}, and {room} is left")
    amount, held, charged = map(Decimal, fleet.database.sql(
        f"select amount, held, charged from budget_window where budget_id = '{budget}'")[0])
    judge.expect(held + charged <= amount, f"overdrawn: {held} + {charged} > {amount}")
    judge.equal((held, charged), (amount - room, Decimal(0)), "held and charged by SQL: the sum of the worst cases that fit")
    print(f"  phase A: {holding} hold {held} of {amount}, {waiting} wait; the cheapest that waits needs {least}, left is {room};"
          f" {wrong} against the order of acceptance", flush=True)


def judge_answers(judge, fleet, clients, what):
    kinds = collections.Counter(f"{status} {answer.get('state', answer.get('type', ''))}({answer.get('reason') or ''})"
                                for _, status, answer, *_ in clients.answers)
    print(f"  answers {what}: {dict(kinds)}; deadlocks in PostgreSQL: {fleet.database.deadlocks()}", flush=True)
    for kind, count in kinds.items():
        judge.expect(kind.startswith("202"), f"{count} × answered {kind}")


def judge_charges(judge, fleet, endpoint, budget):
    """Everything from the endpoint's record and the price lists, against the ledger."""
    rate, wrong = {}, 0
    charged = dict(fleet.database.sql("select hold_id, sum(amount) from ledger_entry where kind = 'CHARGE' group by 1"))
    expected = collections.defaultdict(Decimal)
    for job in endpoint.jobs.values():
        compute = job.asked["ResourceConfig"]
        kind = (compute["InstanceType"], compute["VolumeSizeInGB"])
        rate[kind] = rate.get(kind) or usd_per_hour(*kind)
        billed = job.billed() * compute["InstanceCount"]
        expected[job.name.split("-")[1]] += (rate[kind] * billed / 3600).quantize(MICRO, decimal.ROUND_HALF_UP)
    for job in sorted(expected.keys() | charged.keys()):
        good = Decimal(charged.get(job, 0)) == expected[job]
        wrong += not good
        judge.expect(good, f"charged for {job}: {charged.get(job, 0)}, billed × price is {expected[job]}", shown=wrong <= 3)
    amount, held, total, overrun = map(Decimal, fleet.database.sql(
        f"select amount, held, charged, overrun from budget_window where budget_id = '{budget}'")[0])
    judge.equal((held, total, overrun), (0, sum(expected.values(), Decimal(0)), 0), "held, charged, overrun at the end")
    judge.equal(fleet.database.sql("select * from ledger_difference"), [], "rows of ledger_difference")
    print(f"  {len(endpoint.jobs)} trainings, {sum(job.billed() for job in endpoint.jobs.values())} s billed × price ="
          f" {sum(expected.values())}; charged by SQL {total}, held {held}, of {amount}")


def judge_end(judge, fleet, endpoint, budget):
    judge_charges(judge, fleet, endpoint, budget)
    judge.equal(len(set(endpoint.accepted())), len(endpoint.accepted()), "names of accepted Creates")
    states = collections.Counter(row[0] for row in fleet.database.sql("select state from workload"))
    print(f"  phase B: every workload has ended: {dict(states)}")


def wait_for_the_end(judge, fleet, minutes):
    line, end, shown = Line(fleet.database), time.monotonic() + 60 * minutes, 0
    while True:
        left, waiting = map(int, line.sql("select count(*), count(*) filter (where reason = 'BUDGET') from workload"
                                          " where settled_at is null")[0])
        if not left:
            return
        if time.monotonic() > end:
            judge.expect(False, f"{left} workloads have not ended within {minutes} minutes")
            return
        if time.monotonic() > shown + 20:
            print(f"    {left} not settled, {waiting} of them wait for money", flush=True)
            shown = time.monotonic()
        time.sleep(1)


def draw(chance, number, name):
    return [cheap_job(f"{name}-{each:05}", chance.choice(TYPES), chance.choice(LENGTHS), chance.choice([1, 1, 1, 2]))
            for each in range(number)]


def run(options, chance, judge, programs, work):
    endpoint = Endpoint(chance.randrange(1 << 32), course=Course(starting=(0.1, 0.4), training=(0.2, 3), stopping=(0.1, 0.3)))
    fleet = Fleet(programs, work, endpoint, 3, [
        "--bursar.workload.dispatch=false", "--bursar.workload.budget-retry=PT30S", "--bursar.workload.look-every=PT2S"])
    try:
        fleet.start()
        key = fleet.data()
        asked = draw(chance, options.submissions, "a")
        all_of_it = sum(map(worst_case, asked), Decimal(0))
        amount = (all_of_it * Decimal(options.share)).quantize(MICRO, decimal.ROUND_FLOOR)
        print(f"  {len(asked)} worst cases from {min(map(worst_case, asked))} to {max(map(worst_case, asked))}, {all_of_it} in"
              f" all; budget {amount}", flush=True)
        budget = fleet.budget(amount)
        if options.control == "unchecked":
            fleet.database.sql("alter table budget_window drop constraint budget_never_overdrawn")
            print("  the database's CHECK is dropped")
        clients = Clients(fleet, key, options.clients)
        watcher = Watcher(fleet.database, judge)
        watcher.start()
        clients.all(asked)
        judge_answers(judge, fleet, clients, "in phase A")
        judge_order(judge, fleet, budget, clients)
        if options.control:
            return watcher.end()
        print(f"  dispatch on, after {fleet.restart('--bursar.workload.dispatch=true'):.0f} s", flush=True)
        clients.all(draw(chance, options.more, "b"))
        judge_answers(judge, fleet, clients, "in both phases")
        wait_for_the_end(judge, fleet, options.minutes)
        judge_end(judge, fleet, endpoint, budget)
        judge.equal(fleet.logs("deadlock detected"), 0, "deadlocks in the services' logs")
        watcher.end()
        judge.expect(watcher.looks > 0, "the watcher saw nothing")
    finally:
        fleet.stop()
        endpoint.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=10000)
    parser.add_argument("--more", type=int, default=1000, help="submissions in phase B, while work ends")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--share", type=float, default=0.3, help="of all worst cases of phase A that the budget holds")
    parser.add_argument("--minutes", type=float, default=25, help="patience for the end of everything")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", nargs="?", const="unchecked", choices=list(CONTROLS))
    options = parser.parse_args()
    need("java", "psql")
    begun = time.monotonic()
    chance = begin("three processes race for one budget" + (f"; control: {options.control}" if options.control else ""),
                   options.seed, n=options.submissions, clients=options.clients)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-race-"))
    try:
        programs = Programs(work)
        if options.control:
            programs = programs.with_defect(work, MOVE, (ROOM, CONTROLS[options.control]))
        run(options, chance, judge, programs, work)
        print(f"  {time.monotonic() - begun:.0f} s in all")
        return judge.verdict(bool(options.control))
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            remove(work)


if __name__ == "__main__":
    sys.exit(main())
