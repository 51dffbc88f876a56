#!/usr/bin/env python3
"""Calls, counted at the endpoint, with 1,000 active and 100,000 finished jobs.

The service runs with the settings that it has on AWS (calls limited, a look every 30 s). The endpoint cuts List into pages
before it filters, its Search lags 10 s, and a stranger uses half of the account's lists and a quarter of its searches. The
jobs are put into the endpoint's memory and, with their holds, ledger and balances, into PostgreSQL. Then some of the active
ones end, while 200 new ones wait for an allowed 1 Create a second; in the end that rate is halved.

The judge counts requests by the endpoint's own record, asks a psql of its own every half second which rows have ended, and
recomputes each charge from the endpoint's record and the price lists.

    proofs/run calls [--active 1000] [--finished 100000] [--foreign 20000] [--queued 200] [--changes 300] [--seed S]
    proofs/run calls --control            calls are not limited; must go red
    proofs/run calls --control=deaf       nobody reads the news, looks alone must find the ends; must go red
"""

import argparse
import bisect
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from common import MICRO, Decimal, Judge, Programs, begin, decimal, need, percentile, until, usd_per_hour
from endpoint import Course, Endpoint, Faults, Job, moment
from fleet import Fleet, Line, cheap_job, remove

CREATE, DESCRIBE, LIST, SEARCH = "CreateTrainingJob", "DescribeTrainingJob", "ListTrainingJobs", "Search"
LAG = 10
ALLOWED = 1.0
FALLEN = 0.5
CEILINGS = {LIST: 1, SEARCH: 1, DESCRIBE: 5, CREATE: 0.9}  # rule C1
CONTROLS = {"unlimited": ["--bursar.aws.calls.limited=false"], "deaf": ["--bursar.feed.every=PT1H"]}
COLUMNS = "id, name, created, started, ended, charge, due"


class Past(Job):
    """A job with given times, described as another one was asked for."""

    def __init__(self, name, like, created, starts, ends, end="Completed"):
        self.own, self.like, self.created, self.starts, self.ends, self.end = name, like, created, starts, ends, end
        self.limit, self.stopping, self.bill_late, self.stop_asked = 14400, 0.2, 0.0, None

    @property
    def name(self):
        return self.own

    @property
    def asked(self):
        """The other's request, with this one's id in it."""
        said = json.dumps(self.like).replace(self.like["TrainingJobName"].split("-")[1], self.own.split("-")[1])
        return {**json.loads(said), "TrainingJobName": self.own}


class Index:
    """What is over, by the time of its last change."""

    def __init__(self, jobs):
        self.jobs = sorted(jobs, key=lambda job: job.ends)
        self.times = [job.ends for job in self.jobs]

    def since(self, time):
        return self.jobs[bisect.bisect_left(self.times, time):]


class Busy(Endpoint):
    """An endpoint with a long past, which a search need not go through when it asks for what changed lately."""

    past = None
    live = ()

    def remember(self, past, live):
        self.jobs.update({job.name: job for job in past})
        self.jobs.update({job.name: job for job in live})
        self.past, self.live = Index(past), {job.name for job in past}

    def searched(self, filters):
        since = next((moment(str(one["Value"])) for one in filters
                      if one["Name"] == "LastModifiedTime" and one.get("Operator", "").startswith("GreaterThan")), None)
        if self.past is None or since is None:
            return super().searched(filters)
        return self.past.since(since) + [job for name, job in self.jobs.items() if name not in self.live]


# --- the past, in the endpoint's memory and in PostgreSQL -------------------------------------------------------------


def identity(prefix, number):
    return f"{prefix:04}{number:012}"


def make_jobs(chance, options, template, now):
    """Active ones in the middle of their four hours, finished ones of the last weeks, and those of other people."""
    like, installation = template.asked, template.name.split("-")[0]
    active, finished, foreign = [], [], []
    for number in range(options.active - 1):
        starts = now - chance.uniform(60, 1800)
        active.append(Past(f"{installation}-{identity(1, number)}-1", like, starts - 60, starts, now + 1e6))
    for jobs, number, name in ((finished, options.finished, None), (foreign, options.foreign, "somebody-else")):
        for each in range(number):
            ends = now - chance.uniform(600, 30 * 86400)
            starts = ends - chance.uniform(10, 7200)
            own = f"{name}-{each:012}-1" if name else f"{installation}-{identity(0, each)}-1"
            jobs.append(Past(own, like, starts - 60, starts, ends))
    return active, finished, foreign


def stamp(seconds):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds)) + f"{seconds % 1:.3f}"[1:] + "+00"


def charge(job, rate):
    return (rate * job.billed() / 3600).quantize(MICRO, decimal.ROUND_HALF_UP)


def line(job, now, due, rate):
    ended = stamp(job.ends) if job.is_over(now) else "\\N"
    charged = charge(job, rate) if job.is_over(now) else 0
    return "\t".join([job.name.split("-")[1], job.name, stamp(job.created), stamp(job.starts), ended, str(charged), due])


FILL = """
    create temporary table past (id text primary key, name text, created timestamptz, started timestamptz,
      ended timestamptz, charge numeric(18, 6), due timestamptz);
    copy past from stdin;
    %(rows)s
    \\.
    create temporary table template as select id, to_jsonb(w) as all_of_it from workload w where id = '%(template)s';
    insert into workload select r.* from past p, template t, lateral jsonb_populate_record(null::workload, t.all_of_it
      || jsonb_build_object('id', p.id, 'sagemaker_name', p.name, 'arn', replace(t.all_of_it ->> 'arn', t.id, p.id),
        'created_at', p.created, 'started_at', p.started, 'ended_at', p.ended, 'settled_at', p.ended,
        'seen_at', coalesce(p.ended, p.due - interval '400 s'), 'due_at', p.due,
        'state', case when p.ended is null then 'IN_PROGRESS' else 'COMPLETED' end)) r;
    create temporary table like_it as select held, windows, to_jsonb(h) as all_of_it from hold h where id = '%(template)s';
    insert into hold select r.* from past p, like_it t, lateral jsonb_populate_record(null::hold, t.all_of_it
      || jsonb_build_object('id', p.id, 'opened_at', p.created, 'settled_at', p.ended, 'charged', p.charge,
        'held', case when p.ended is null then t.held else 0 end)) r;
    insert into ledger_entry (window_id, hold_id, kind, amount, at, actor, reason)
      select window_id, p.id, e.kind, e.amount, e.at, 'bursar', 'made for a proof'
      from past p, like_it t, unnest(t.windows) as window_id, lateral (values
        ('HOLD', t.held, p.created),
        ('CHARGE', case when p.ended is not null then p.charge end, p.ended),
        ('RELEASE', case when p.ended is not null then t.held - p.charge end, p.ended)) e (kind, amount, at)
      where e.amount > 0;
    update budget_window set held = held + (select sum(t.held) from past p, like_it t where p.ended is null),
      charged = charged + (select coalesce(sum(charge), 0) from past) where id in (select unnest(windows) from like_it);
    insert into paid_time select p.id, p.started, p.started + (s.paid_until - s.paid_from), p.started + (s.renew_at - s.paid_from), 0
      from past p, paid_time s where p.ended is null and s.workload_id = '%(template)s';
    commit;
    analyze;
"""


def fill(fleet, chance, template, active, finished, now):
    rate = usd_per_hour("ml.m5.large", 10)
    rows = [line(job, now, stamp(now + chance.uniform(5, 405)), rate) for job in active]
    rows += [line(job, now, "\\N", rate) for job in finished]
    text = "begin;\n" + "\n".join(part.strip() for part in FILL.splitlines()) % {"rows": "\n".join(rows), "template": template}
    done = subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1"], env=fleet.database.environment(), input=text,
                          capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"psql: {done.stderr.strip()}")


# --- what is judged ---------------------------------------------------------------------------------------------------


class Ends:
    """When the database said for the first time that a job which had been active was over."""

    def __init__(self, fleet, jobs):
        self.line, self.seen = Line(fleet.database), {}
        self.waiting = {job.name.split("-")[1]: job for job in jobs}
        self.number = len(jobs)

    def look(self):
        if not self.waiting:
            return
        ids = ", ".join(f"'{one}'" for one in self.waiting)
        rows = self.line.sql("select id from workload where state in ('COMPLETED', 'FAILED', 'STOPPED') and id in"
                             f" ({ids})")
        for row in rows:
            self.seen[row[0]] = time.time() - self.waiting.pop(row[0]).ends


def busiest(times, seconds):
    """The most calls in any such time."""
    most, begin = 0, 0
    for end, at in enumerate(times):
        while at - times[begin] >= seconds:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def own(endpoint, operation, since=0, until=float("inf")):
    return [request for request in list(endpoint.requests)
            if request.operation == operation and since <= request.time < until]


def throttled(requests):
    return sum(request.outcome == "ThrottlingException" for request in requests)


def judge_calls(judge, endpoint, since, end):
    print("  operation            calls  a second  busiest second  busiest 10 s  throttled")
    for operation in sorted({request.operation for request in list(endpoint.requests)} | {LIST}):
        calls = own(endpoint, operation, since, end)
        times = sorted(request.time for request in calls)
        mean = len(calls) / (end - since)
        print(f"  {operation:20} {len(calls):5} {mean:9.2f} {busiest(times, 1):15} {busiest(times, 10):13} {throttled(calls):10}")
        if operation in CEILINGS:
            judge.expect(mean <= CEILINGS[operation] * 1.02, f"{operation}: {mean:.2f} a second, not at most {CEILINGS[operation]}")
    calls = own(endpoint, LIST, since, end)
    judge.expect(busiest(sorted(request.time for request in calls), 1) <= 1, "more than one List within a second")


def judge_lag(judge, ends):
    lags = sorted(ends.seen.values())
    judge.equal(len(ends.waiting), 0, "ends that the database does not know")
    if lags:
        p50, p99 = percentile(lags, .5), percentile(lags, .99)
        print(f"  from the end of a job to its row: n {len(lags)}, p50 {p50:.1f} s, p99 {p99:.1f} s, max {lags[-1]:.1f} s;"
              f" Search lags {LAG} s of it")
        judge.expect(p99 <= 30, f"p99 of the lag is {p99:.1f} s, not at most 30 s")


def judge_creates(judge, endpoint, since, number):
    """The rate at which the last of them was accepted, against what was allowed."""
    creates = own(endpoint, CREATE, since)
    accepted = [request.time for request in creates if request.accepted][:number]
    before = [request for request in creates if request.time <= (accepted[-1] if accepted else 0)]
    if not judge.expect(len(accepted) == number, f"{len(accepted)} of {number} were created"):
        return
    rate = (number - 1) / (accepted[-1] - accepted[0])
    share = throttled(before) / len(before)
    print(f"  {number} queued: {rate:.3f} Creates a second, {100 * rate / ALLOWED:.1f} % of what is allowed; {len(before)} attempts,"
          f" {throttled(before)} throttled ({100 * share:.1f} %)", flush=True)
    judge.expect(rate >= 0.9 * ALLOWED, f"{100 * rate / ALLOWED:.1f} % of the allowed rate, not at least 90 %")
    judge.expect(share < 0.01, f"{100 * share:.1f} % throttled, not less than 1 %")


def judge_fall(judge, endpoint, fell, until_when):
    first, rest = own(endpoint, CREATE, fell, fell + 10), own(endpoint, CREATE, fell + 10, until_when)
    rate = len(rest) / (until_when - fell - 10)
    print(f"  allowed falls to {FALLEN} a second: {len(first)} attempts, {throttled(first)} throttled in the first 10 s; then"
          f" {rate:.2f} attempts a second for {until_when - fell - 10:.0f} s, {throttled(rest)} of {len(rest)} throttled")
    judge.expect(rest and rate <= FALLEN * 1.02, f"{rate:.2f} attempts a second 10 s after the fall, allowed are {FALLEN}")
    judge.expect(throttled(rest) <= 1, f"{throttled(rest)} throttled from 10 s after the fall on")


def judge_money(judge, fleet, ended):
    rate = usd_per_hour("ml.m5.large", 10)
    rows = dict(fleet.database.sql("select hold_id, sum(amount) from ledger_entry where kind = 'CHARGE' group by 1"))
    wrong = [job.name for job in ended if Decimal(rows.get(job.name.split("-")[1], 0)) != charge(job, rate)]
    judge.equal(wrong[:3], [], f"{len(wrong)} of {len(ended)} charges that are not billed × price")
    judge.equal(fleet.database.sql("select * from ledger_difference"), [], "rows of ledger_difference")


# --- the run ------------------------------------------------------------------------------------------------------------


def prepare(options, chance, judge, fleet, endpoint):
    begun = time.monotonic()
    first = fleet.replicas[0]
    key = fleet.data()
    fleet.budget(1_000_000)
    template = first.ask("POST", "/api/v1/jobs", cheap_job("template", seconds=14400), key)["id"]
    until("the first job in progress", lambda: fleet.database.sql(
        f"select state = 'IN_PROGRESS' and started_at is not null from workload where id = '{template}'")[0][0] == "t", 90, 0.5)
    now = time.time()
    active, finished, foreign = make_jobs(chance, options, next(iter(endpoint.jobs.values())), now)
    endpoint.remember(finished + foreign, active)
    fill(fleet, chance, template, active, finished, now)
    counts = fleet.database.sql("select count(*) filter (where state = 'IN_PROGRESS'), count(*) filter (where state ="
                                " 'COMPLETED') from workload")[0]
    print(f"  {counts[0]} active and {counts[1]} finished in PostgreSQL, {len(endpoint.jobs)} at the endpoint,"
          f" after {time.monotonic() - begun:.0f} s", flush=True)
    judge.equal(fleet.database.sql("select * from ledger_difference"), [], "rows of ledger_difference at the start")
    return key, active


def measure(options, chance, judge, fleet, endpoint, key, active):
    changing = chance.sample(active, options.changes)
    t0 = time.time()
    for job in changing:
        job.ends, job.end = t0 + chance.uniform(5, options.seconds), chance.choice(["Completed"] * 9 + ["Failed"])
    ends = Ends(fleet, changing)
    for number in range(options.queued + options.more):
        fleet.replicas[0].ask("POST", "/api/v1/jobs", cheap_job(f"queued-{number:03}", seconds=14400), key)
        if number % 20 == 0:
            ends.look()
    print(f"  {options.queued + options.more} submitted in {time.time() - t0:.0f} s", flush=True)
    fell, shown, patience = None, time.time(), t0 + options.seconds + 120
    before = len(own(endpoint, CREATE, 0, t0))

    def created():
        return sum(request.accepted for request in own(endpoint, CREATE, t0))

    while time.time() < patience and not (fell and time.time() > fell + 70 and not ends.waiting):
        ends.look()
        if fell is None and created() >= options.queued:
            fell = time.time()
            endpoint.meters[CREATE].rate, endpoint.meters[CREATE].most = FALLEN, min(endpoint.meters[CREATE].most, 1)
            endpoint.meters[CREATE].left = 0
        if time.time() > shown + 30:
            shown = time.time()
            print(f"    {shown - t0:.0f} s: {len(ends.seen)} of {ends.number} ends known, {created()} created", flush=True)
        time.sleep(0.5)
    end = time.time()
    print(f"  measured for {end - t0:.0f} s; Creates before: {before}")
    judge_calls(judge, endpoint, t0, end)
    judge_lag(judge, ends)
    judge_creates(judge, endpoint, t0, options.queued)
    if fell:
        judge_fall(judge, endpoint, fell, min(end, fell + 70))
    judge_money(judge, fleet, [job for job in changing if job.name.split("-")[1] in ends.seen])
    judge.equal(fleet.logs(" ERROR "), 0, "ERROR lines in the service's log")
    ends.line.close()


def run(options, chance, judge, work):
    saved = {CREATE: options.saved, SEARCH: 2, LIST: 2}
    endpoint = Busy(chance.randrange(1 << 32),
                    Faults(rates={CREATE: ALLOWED, LIST: 2, SEARCH: 2}, stranger={LIST: 1, SEARCH: 0.5}, saved=saved),
                    Course(starting=(0.5, 3), training=(10000, 14000), search_lag=LAG))
    fleet = Fleet(Programs(work), work, endpoint, 1, [
        "--bursar.aws.calls.limited=true", "--bursar.workload.look-every=PT30S", *CONTROLS.get(options.control, [])])
    try:
        fleet.start()
        key, active = prepare(options, chance, judge, fleet, endpoint)
        measure(options, chance, judge, fleet, endpoint, key, active)
    finally:
        fleet.stop()
        endpoint.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--active", type=int, default=1000)
    parser.add_argument("--finished", type=int, default=100_000)
    parser.add_argument("--foreign", type=int, default=20_000)
    parser.add_argument("--queued", type=int, default=200)
    parser.add_argument("--more", type=int, default=80, help="queued, for the time after the allowed rate has fallen")
    parser.add_argument("--changes", type=int, default=300, help="active jobs that end")
    parser.add_argument("--seconds", type=float, default=240, help="in which they end")
    parser.add_argument("--saved", type=float, default=2, help="unused Creates that the endpoint lets a caller save up")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", nargs="?", const="unlimited", choices=list(CONTROLS))
    options = parser.parse_args()
    need("java", "psql")
    begun = time.monotonic()
    chance = begin("calls, counted at the endpoint" + (f"; control: {options.control}" if options.control else ""),
                   options.seed, active=options.active, finished=options.finished, foreign=options.foreign)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-calls-"))
    try:
        run(options, chance, judge, work)
        print(f"  {time.monotonic() - begun:.0f} s in all")
        return judge.verdict(bool(options.control))
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            remove(work)


if __name__ == "__main__":
    sys.exit(main())
