#!/usr/bin/env python3
"""A budget of 43.5 worst cases, dispatch paused, 32 clients post 128 jobs: exactly 43 hold money. Then
dispatch goes on: all end, nothing stays held, and what was charged is what the engine billed, times the price.

    proofs/run admission [--jobs 128] [--clients 32] [--rounds 500] [--seed S] [--keep]
    proofs/run admission --control     without the check in our code: must go red, and the database still refuses
"""

import argparse
import collections
import concurrent.futures
import decimal
import pathlib
import shutil
import sys
import tempfile
import time

from common import (MICRO, Decimal, Judge, Programs, Records, Service, begin, cost_of, judge_books, need, percentile,
                    until, usd_per_hour, xgboost_job)

FITS = 43
SHARE = Decimal("43.5")
END = 300 + 120 + 300  # rule M4: late end, grace, upload


def post_all(service, key, asked, clients):
    def post(job):
        begun = time.monotonic()
        status, answer = service.call("POST", "/api/v1/jobs", job, key, {"Idempotency-Key": f"proof-{job['name']}"})
        return status, answer, 1000 * (time.monotonic() - begun)

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return list(pool.map(post, asked))


def judge_admission(judge, service, budget, worst_case, answers, journal):
    """The client's own journal is the truth of what was acknowledged."""
    kinds = collections.Counter()
    refused_for = collections.Counter()
    for status, answer, _ in answers:
        if status >= 500 or not isinstance(answer, dict):
            kinds[f"HTTP {status}"] += 1
            judge.expect(False, f"answered {status}: {answer}", shown=kinds[f"HTTP {status}"] <= 3)
        elif 200 <= status < 300 and answer["state"] == "QUEUED":
            kind = f"QUEUED({answer.get('reason') or ''})"
            kinds[kind] += 1
            journal.setdefault(kind, []).append(answer["id"])
        else:
            kinds[f"HTTP {status} {str(answer.get('type')).rpartition('/')[2]}"] += 1
            refused_for[str(answer.get("type"))] += 1
    print(f"  answers: {dict(kinds)}")
    holding, waiting = journal.get("QUEUED()", []), journal.get("QUEUED(BUDGET)", [])
    refused = sum(count for kind, count in refused_for.items() if kind.endswith("unaffordable"))
    judge.equal(len(holding), FITS, "jobs that hold money")
    judge.equal(len(waiting) + refused, len(answers) - FITS, "jobs that were refused or wait for money")
    judge.equal(len(set(holding + waiting)), len(holding) + len(waiting), "different ids")
    acknowledged = [answer for status, answer, _ in answers if 200 <= status < 300]
    other = [answer["id"] for answer in acknowledged
             if answer["cost"]["held"] != (0 if answer.get("reason") else worst_case)]
    judge.equal(len(other), 0, "answers that hold something else than W, or nothing while they wait for money")
    amount, held, charged = map(Decimal, service.sql(
        f"select amount, held, charged from budget_window where budget_id = '{budget}'")[0])
    entries = dict(service.sql("select hold_id, string_agg(kind || ' ' || amount, ', ') from ledger_entry where hold_id is"
                               " not null group by hold_id"))
    print(f"  budget by SQL: amount {amount}, held {held}, charged {charged}; ledger entries of {len(entries)} jobs")
    judge.expect(held + charged <= amount, f"overdrawn: {held} + {charged} > {amount}")
    judge.equal((held, charged), (FITS * worst_case, Decimal(0)), "held and charged by SQL")
    judge.equal(set(entries.values()), {f"HOLD {worst_case}"}, "kinds of ledger entries")
    judge.equal(len(set(entries) ^ set(holding)), 0, "jobs whose ledger entry and answer disagree")
    rows = service.sql("select count(*) from workload")[0][0]
    judge.equal(int(rows), len(holding) + len(waiting), "workloads in the database: as many as were acknowledged")
    return holding + waiting


def repeat_answers(judge, service, key, asked, answers):
    """The same requests once more make nothing new."""
    again = post_all(service, key, asked[:8], 8)
    for (_, first, _), (_, second, _) in zip(answers, again):
        if "id" in first:
            judge.equal(second.get("id"), first["id"], "the same Idempotency-Key's job")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=128)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=500, help="at most so many rounds of boosting a job")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    need("java", "psql")
    chance = begin("a budget of 43.5 worst cases" + ("; control: no check in our code" if options.control else ""),
                   options.seed, n=options.jobs, clients=options.clients)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-admission-"))
    programs = Programs(work)
    if options.control:
        programs = programs.with_defect(work, "src/main/java/dev/bursar/budget/MoneyTables.java",
                                        ("where h.grown <= 0 or h.grown <= tightest.room", "where true"))
    service = Service(programs, work)
    try:
        service.start("--bursar.workload.dispatch=false")
        key, first = service.lab(1, "estimate")
        service.biopsies(key)
        spec = xgboost_job("readme", options.rounds)
        worst_case = Decimal(str(service.ask("POST", "/api/v1/estimates", spec, key)["worstCase"]))
        own = (usd_per_hour("ml.m5.large", 10) * (600 + END) / 3600).quantize(MICRO, decimal.ROUND_CEILING)
        amount = (SHARE * worst_case).quantize(MICRO, decimal.ROUND_FLOOR)
        print(f"  W = {worst_case} by POST /estimates, {own} by the price lists; budget {amount}")
        judge.equal(worst_case, own, "the worst case")
        key, budget = service.lab(amount)
        service.biopsies(key)
        asked = [xgboost_job(f"job-{number:03}", chance.randint(1, options.rounds)) for number in range(options.jobs)]
        begun = time.monotonic()
        answers = post_all(service, key, asked, options.clients)
        took = time.monotonic() - begun
        latencies = sorted(latency for *_, latency in answers)
        print(f"  {len(answers)} posts in {took:.1f} s by {options.clients} clients: p50 {percentile(latencies, .5):.0f} ms,"
              f" p99 {percentile(latencies, .99):.0f} ms, max {latencies[-1]:.0f} ms")
        journal = {}
        jobs = judge_admission(judge, service, budget, worst_case, answers, journal)
        if options.control:
            refusals = service.log.read_text(errors="replace").count('violates check constraint "budget_never_overdrawn"')
            print(f"  the service's log has {refusals} × violates check constraint \"budget_never_overdrawn\"")
            return judge.verdict(True)
        repeat_answers(judge, service, key, asked, answers)
        service.stop()
        begun = time.monotonic()
        service.start()

        def left():
            count = int(service.sql("select count(*) from workload where settled_at is null")[0][0])
            held, charged, amount = map(Decimal, service.sql(
                f"select held, charged, amount from budget_window where budget_id = '{budget}'")[0])
            judge.expect(held + charged <= amount, f"overdrawn while running: {held} + {charged} > {amount}")
            return count

        until("the end of all jobs", lambda: left() == 0, 3600, 2)
        print(f"  dispatch on: {len(jobs)} jobs ended and settled in {time.monotonic() - begun:.0f} s")
        records = Records(service.home / "engine")
        total = judge_books(judge, service, records, jobs, budget)
        recomputed = sum((cost_of(records.describe(name)) for name in records.names()), Decimal(0))
        by_sql = Decimal(service.sql("select sum(amount) from ledger_entry where kind = 'CHARGE'")[0][0])
        held = Decimal(service.sql("select sum(held) from budget_window")[0][0])
        each = sorted(records.describe(name)["BillableTimeInSeconds"] for name in records.names())
        seconds = sum(each)
        print(f"  {len(records.names())} jobs, {seconds} s billed ({each[0]} to {each[-1]}) in the engine's records × price = {recomputed};"
              f" charged by SQL {by_sql}; held {held}")
        judge.equal(by_sql, recomputed, "Σ charges by SQL")
        judge.equal(total, recomputed, "Σ over the jobs of the journal")
        judge.equal(held, Decimal(0), "held at the end")
        return judge.verdict()
    finally:
        service.stop()
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
