#!/usr/bin/env python3
"""A fire. Against an endpoint with 30 % throttles, 10 % 5xx (half of them after it was done), 5 % resets after
it was done and 0 to 500 ms before a Create is taken: three replicas, 2,000 workloads, kill -9 of a replica every 20 s on
average, half of them in the moment between an accepted Create and its answer, and SIGSTOPs longer than a claim, half of them
with the workload stopped by its owner meanwhile. The truth is the endpoint's own list and the clients' journal: nothing
acknowledged is lost, one accepted Create for each attempt, no orphan, everything ends and is paid, to the micro-dollar.

    proofs/run fire [--workloads 2000] [--kills 50] [--stops 10] [--every 20] [--minutes 15] [--seed S] [--keep]
    proofs/run fire --control     no adoption: what exists and was not seen yet is taken for absent; must go red

The claim is 10 s and not 2 minutes, a Create is sent only in its first 6 s, and "no such job" is believed 30 s after it and
not 20 minutes, so that a run takes less than half an hour. Nothing else that matters here differs from the defaults.
"""

import argparse
import collections
import http.client
import os
import pathlib
import random
import signal
import sys
import tempfile
import threading
import time

from common import Decimal, Judge, Programs, begin, need, until
from endpoint import Course, Endpoint, Faults
from fleet import Fleet, Line, cheap_job, remove
from race import judge_charges

CLAIM, UNKNOWN = 10, 30
SETTINGS = [f"--bursar.workload.claim=PT{CLAIM}S", "--bursar.workload.send-margin=PT4S",
            f"--bursar.workload.unknown=PT{UNKNOWN}S", "--bursar.workload.look-every=PT2S",
            "--bursar.workload.capacity-retry=PT2S", "--bursar.workload.billing-patience=PT60S"]
AFTER_ACCEPT = "Create accepted, not committed"
AFTER_INTENT = "intent committed, nothing sent"
PATIENCE = 15

# A commit that makes a workload STARTING takes half a second, once for each time that the trap is set. So the judge can
# strike its process between the commit, which PostgreSQL finishes by itself, and the Create.
TRAP = """
create schema fire;
create table fire.trap (armed boolean not null, id text);
insert into fire.trap values (false);
create function fire.nap() returns trigger language plpgsql security definer as $$
begin
  update fire.trap set armed = false, id = new.id where armed;
  if found then perform pg_sleep(0.5); end if;
  return null;
end $$;
create constraint trigger fire_nap after update on workload deferrable initially deferred for each row
  when (new.state = 'STARTING' and old.state = 'QUEUED') execute function fire.nap();
"""


class Journal:
    """What the clients know: which of their requests were acknowledged, under which id."""

    def __init__(self, fleet, key, chance):
        self.fleet, self.key, self.chance = fleet, key, chance
        self.ids, self.stops, self.answers = {}, {}, collections.Counter()
        self.busy = collections.Counter()
        self.lock = threading.Lock()

    def ask(self, path, body=None, headers=None, avoid=None, seconds=300):
        """Goes from replica to replica until one answers; that is what the Idempotency-Key is for."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.lock:
                replica = self.chance.choice([one for one in self.fleet.replicas if one is not avoid])
            if not replica.ready.is_set():
                time.sleep(0.05)
                continue
            self.busy[replica.name] += 1
            try:
                status, answer = replica.call("POST", path, body, self.key, headers, timeout=8)
            except (OSError, http.client.HTTPException) as e:
                self.answers[type(e).__name__] += 1
                time.sleep(0.1)
                continue
            finally:
                self.busy[replica.name] -= 1
            self.answers[status] += 1
            if status < 500:
                return status, answer
            time.sleep(0.2)
        raise TimeoutError(f"POST {path} was not answered within {seconds} s")

    def submit(self, number):
        key = f"fire-{number:05}"
        status, answer = self.ask("/api/v1/jobs", cheap_job(key), {"Idempotency-Key": key})
        if status != 202:
            raise AssertionError(f"{key} was answered {status}: {answer}")
        self.ids[key] = answer["id"]
        return answer["id"]

    def stop(self, job, avoid=None):
        status, _ = self.ask(f"/api/v1/jobs/{job}/stop", avoid=avoid)
        if status != 202:
            raise AssertionError(f"the stop of {job} was answered {status}")
        self.stops[job] = time.time()


class Clients:
    """They submit as the fire goes on, so that there is work of all ages at every kill."""

    def __init__(self, journal, workloads, threads, chance, progress):
        self.journal, self.workloads, self.progress = journal, workloads, progress
        self.next, self.lock, self.failures = 0, threading.Lock(), []
        self.fates = [chance.uniform(0, 12) if chance.random() < 0.06 else None for _ in range(workloads)]
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def run(self):
        try:
            while True:
                with self.lock:
                    number, self.next = self.next, self.next + 1
                if number >= self.workloads:
                    return
                while self.progress() * self.workloads < number:
                    time.sleep(0.1)
                job = self.journal.submit(number)
                if self.fates[number] is not None:
                    time.sleep(self.fates[number])
                    self.journal.stop(job)
        except Exception as e:  # told at the end: a client that gave up
            self.failures.append(e)

    def end(self, judge):
        for thread in self.threads:
            thread.join(600)
        judge.equal(self.failures, [], "clients that gave up")


class Arsonist:
    """Kills and pauses. What it waits for, the endpoint tells it in the moment when it happens."""

    def __init__(self, fleet, journal, options, chance):
        self.fleet, self.journal, self.options, self.chance = fleet, journal, options, chance
        self.line, self.trapped = Line(fleet.database), threading.Lock()
        fleet.database.sql(TRAP)
        self.fell, self.pauses = collections.Counter(), []
        self.killed, self.begun = 0, time.monotonic()
        self.paused, self.trap, self.caught = {}, {}, {}
        self.events = {"kill": threading.Event(), "pause": threading.Event()}
        self.restarts, self.failures = [], []
        fleet.endpoint.on_accept, fleet.endpoint.on_arrival = self.accepted, self.arrived

    def progress(self):
        """From 0 to 1, evenly, and in step with the kills, so that there is work to the last of them."""
        if self.killed >= self.options.kills:
            return 1
        passed = (time.monotonic() - self.begun) / (1.25 * self.options.every)
        return min(1, min(passed, self.killed + 6) / self.options.kills)

    def replica(self, door):
        return next(one for one in self.fleet.replicas if one.name == door)

    def targets(self):
        return [one for one in self.fleet.replicas if one.ready.is_set() and one.name not in self.paused]

    # --- in the endpoint's thread

    def accepted(self, request):
        """A Create is done and not answered: if a kill waits for that, it falls now, and nobody is answered."""
        if "kill" in self.trap and self.replica(request.door) in self.targets():
            del self.trap["kill"]
            self.strike("kill", request, signal.SIGKILL)
            return True
        return False

    def arrived(self, request):
        """A Create is here and not done: if a pause waits for that, its sender sleeps now, and it is done meanwhile."""
        if request.operation == "CreateTrainingJob" and "pause" in self.trap and self.replica(request.door) in self.targets():
            seconds = self.trap.pop("pause")
            self.paused[request.door] = True
            self.strike("pause", request, signal.SIGSTOP)
            return seconds
        return None

    def strike(self, what, request, number):
        self.caught[what] = (request, time.time())
        self.replica(request.door).process.send_signal(number)
        self.events[what].set()

    def wait_for(self, what, value):
        """Sets a trap at the endpoint; without prey it is taken up again. Who was caught is struck already."""
        self.events[what].clear()
        self.caught.pop(what, None)
        self.trap[what] = value
        if not self.events[what].wait(PATIENCE):
            self.trap.pop(what, None)
            self.events[what].wait(0.5)
        return self.caught.get(what)

    def wait_for_intent(self):
        """Sets the trap in PostgreSQL; who was caught hangs in its commit for a moment."""
        with self.trapped:
            self.line.sql("update fire.trap set armed = true, id = null")
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                asleep = self.line.sql("select application_name from pg_stat_activity where datname = 'bursar' and wait_event"
                                       " = 'PgSleep'")
                if asleep and self.replica(asleep[0][0]) in self.targets():
                    return self.replica(asleep[0][0])
                time.sleep(0.01)
            self.line.sql("update fire.trap set armed = false")
            return None

    # --- kills

    def kills(self):
        try:
            while self.killed < self.options.kills:
                time.sleep(self.chance.expovariate(1 / self.options.every))
                until("somebody to kill", self.targets, 180)
                replica, at = self.choose_to_kill()
                busy = self.journal.busy[replica.name]
                replica.kill9()
                where = self.where(replica.name, at, busy)
                self.fell[where] += 1
                self.killed += 1
                restart = threading.Thread(target=self.restart, args=[replica], daemon=True)
                restart.start()
                self.restarts.append(restart)
        except Exception as e:
            self.failures.append(e)

    def choose_to_kill(self):
        """Half of them after an accepted Create, one in ten after an intent, the rest at any moment."""
        if self.fell[AFTER_ACCEPT] <= self.killed // 2:
            prey = self.wait_for("kill", True)
            if prey:
                return self.replica(prey[0].door), prey[1]
        elif self.fell[AFTER_INTENT] <= self.killed // 10:
            prey = self.wait_for_intent()
            if prey:
                return prey, time.time()
        return self.chance.choice(until("somebody to kill", self.targets, 180)), time.time()

    def restart(self, replica):
        try:
            replica.start()
        except Exception as e:
            self.failures.append(e)

    def where(self, door, at, busy):
        """By the endpoint's record of this door and by the rows, after the dead process's transactions are over."""
        time.sleep(0.6)
        mine = [one for one in self.fleet.endpoint.requests[-4000:] if one.door == door and one.time <= at]
        last = next((one for one in reversed(mine) if one.operation == "CreateTrainingJob"), None)
        open_then = [one for one in mine if one.answered is None or one.answered >= at]
        unseen = {row[0] for row in self.line.sql("select sagemaker_name from workload where state = 'STARTING' and seen_at is null")}
        if last and last.accepted and (last in open_then or last.outcome == "OK") and last.name in unseen:
            return AFTER_ACCEPT
        if last in open_then:
            return "Create on its way"
        heard = {one.name for one in self.fleet.endpoint.requests if one.operation == "CreateTrainingJob"}
        if unseen - heard and not open_then:
            return AFTER_INTENT
        for operation, words in (("StopTrainingJob", "a stop on its way"), ("DescribeTrainingJob", "a look on its way")):
            if any(one.operation == operation for one in open_then):
                return words
        if mine and mine[-1].answered and at - mine[-1].answered < 0.05:
            return f"{mine[-1].operation} answered, perhaps not booked"
        return "a client's request in it" if busy else "between two calls"

    # --- pauses

    def pause_all(self):
        try:
            mean = self.options.kills * self.options.every / (self.options.stops + 1)
            for number in range(self.options.stops):
                time.sleep(max(0, self.chance.uniform(0.5, 1.2) * mean - 16))
                self.pause(number, self.chance.uniform(1.2, 2) * CLAIM)
        except Exception as e:
            self.failures.append(e)

    def pause(self, number, seconds):
        """In turn: with a Create on its way that is done while its sender sleeps; between intent and Create; at any moment."""
        prey = self.wait_for("pause", self.chance.uniform(0.4, 1) * seconds) if number % 3 == 0 else None
        asleep = self.wait_for_intent() if number % 3 == 1 else None
        replica = self.replica(prey[0].door) if prey else asleep or self.chance.choice(
            until("somebody to pause", self.targets, 180))
        if not prey:
            self.paused[replica.name] = True
            replica.pause()
        process, stopped = replica.process, []
        if number % 2 == 0:
            for job in self.owned(prey, asleep):
                self.journal.stop(job, avoid=replica)
                stopped.append(job)
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGCONT)
        del self.paused[replica.name]
        self.pauses.append((seconds, "with a Create on its way" if prey else "after an intent" if asleep else "at any moment",
                            stopped))

    def owned(self, prey, asleep):
        """What the sleeper has in hand, as far as one can tell from outside."""
        if prey:
            return [prey[0].name.split("-")[1]]
        if asleep:
            return until("the trapped workload", lambda: [row[0] for row in self.line.sql("select coalesce(id, '') from fire.trap")
                                                          if row[0]], 5)
        return [row[0] for row in self.line.sql(
            "select id from workload where state in ('STARTING', 'IN_PROGRESS') and stop_requested_at is null and due_at >"
            f" now() + interval '{CLAIM - 4} s' order by due_at desc limit 2")]

    def end(self, judge):
        for restart in self.restarts:
            restart.join(200)
        judge.equal(self.failures, [], "mishaps of the arsonist")
        print(f"  {self.killed} × kill -9 in {time.monotonic() - self.begun:.0f} s: "
              + ", ".join(f"{where} {count}" for where, count in self.fell.most_common()))
        print(f"  {len(self.pauses)} × SIGSTOP for {min(p[0] for p in self.pauses):.1f} to {max(p[0] for p in self.pauses):.1f} s,"
              f" {dict(collections.Counter(p[1] for p in self.pauses))}, {sum(bool(p[2]) for p in self.pauses)} with a stop"
              " meanwhile" if self.pauses else "  no SIGSTOP", flush=True)


def judge_work(judge, fleet, endpoint, journal, workloads):
    """The endpoint's own list against the rows, and the clients' journal against both."""
    rows = {row[0]: row[1:] for row in fleet.database.sql(
        "select id, state, attempt, coalesce(sagemaker_name, ''), settled_at is not null, due_at is null from workload")}
    made = collections.defaultdict(list)
    for name in endpoint.accepted():
        made[name.split("-")[1]].append(name)
    now, faults, kinds = time.time(), collections.Counter(), collections.Counter()

    def expect(right, fault, words):
        faults[fault] += not right
        judge.expect(right, f"{fault}: {words}", shown=faults[fault] <= 3)

    judge.equal(len(journal.ids), workloads, "acknowledged requests")
    judge.equal(len(set(journal.ids.values())), len(journal.ids), "different ids")
    for key, job in journal.ids.items():
        expect(job in rows, "lost", f"{key} was acknowledged as {job}, which is not there")
    expect(set(rows) <= set(journal.ids.values()), "made twice", f"rows nobody asked for: {set(rows) - set(journal.ids.values())}")
    for job in made.keys() - rows.keys():
        expect(False, "orphan", f"{made[job]} belong to no workload")
    for job, (state, attempt, name, settled, done) in rows.items():
        creates, kinds[state] = made[job], kinds[state] + 1
        expect(state in ("COMPLETED", "FAILED", "STOPPED") and (settled, done) == ("t", "t"), "not terminal and settled",
               f"{job} is {state}, settled {settled}")
        expect(len(set(creates)) == len(creates), "accepted twice", f"{creates}")
        numbers = [int(one.rpartition("-")[2]) for one in creates]
        expect(numbers == list(range(1, len(numbers) + 1)), "attempts", f"{job}: {numbers}")
        jobs = [endpoint.jobs[one.lower()] for one in creates]
        for earlier in jobs[:-1]:
            expect(not earlier.started, "duplicate", f"{earlier.name} was billed, and {jobs[-1].name} was made")
        for one in jobs:
            expect(one.is_over(now), "orphan", f"{one.name} still runs, {job} is {state}")
        if jobs and name:
            expect(name == jobs[-1].name or not jobs[-1].started, "orphan", f"{jobs[-1].name} runs, the row knows {name}")
            if name == jobs[-1].name:
                expect(jobs[-1].status(now).upper() == state, "ends differ", f"{name}: {jobs[-1].status(now)}, {state}")
        expect(jobs or state == "STOPPED", "never created", f"{job} is {state}")
        expect(state != "STOPPED" or job in journal.stops or any(one.end == "MaxRuntimeExceeded" for one in jobs),
               "stopped by nobody", job)
    creates = endpoint.accepted()
    print(f"  journal: {len(journal.ids)} acknowledged, {len(journal.stops)} stops; answers to clients:"
          f" {dict(journal.answers)}; rows: {dict(kinds)}")
    print(f"  accepted Creates: {len(creates)}, of {len(set(creates))} names; {sum(len(one) > 1 for one in made.values())}"
          f" workloads had more than one attempt, {sum(not made[job] for job in rows)} none; faults found: {dict(+faults)}")
    for status in journal.answers:
        judge.expect(not isinstance(status, int) or status < 500, f"{journal.answers[status]} × answered {status}")


def show_calls(endpoint):
    by_operation = collections.defaultdict(dict)
    for (operation, outcome), count in sorted(endpoint.counts().items(), key=str):
        by_operation[operation][outcome or "never answered"] = count
    for operation, outcomes in by_operation.items():
        print(f"    {operation}: {sum(outcomes.values())}: {outcomes}")


def watch(line, options, arsonist, clients, condition, minutes):
    end = time.monotonic() + 60 * minutes
    while not condition():
        if time.monotonic() > end or arsonist.failures or clients.failures:
            return False
        left, starting, queued = line.sql("select count(*) filter (where settled_at is null), count(*) filter (where state ="
                                          " 'STARTING'), count(*) filter (where state = 'QUEUED') from workload")[0]
        print(f"    {time.monotonic() - arsonist.begun:5.0f} s: {min(clients.next, options.workloads)} submitted, {left} not"
              f" settled ({queued} queued, {starting} starting), {arsonist.killed} kills, {len(arsonist.pauses)} pauses", flush=True)
        for _ in range(30):
            time.sleep(1)
            if condition() or arsonist.failures:
                break
    return not arsonist.failures


def run(options, chance, judge, programs, work):
    endpoint = Endpoint(chance.randrange(1 << 32), Faults(options.throttle, options.error, options.reset, options.create_delay),
                        Course(training=(1, 15), failed=0.04, no_capacity=0.02, bill_late=(0, 2), search_lag=3))
    fleet = Fleet(programs, work, endpoint, options.replicas, SETTINGS)
    try:
        fleet.start()
        key = fleet.data()
        budget = fleet.budget(Decimal(options.workloads))
        journal = Journal(fleet, key, random.Random(chance.random()))
        arsonist = Arsonist(fleet, journal, options, random.Random(chance.random()))
        clients = Clients(journal, options.workloads, 12, random.Random(chance.random()), arsonist.progress)
        threads = [threading.Thread(target=one, daemon=True) for one in (arsonist.kills, arsonist.pause_all)]
        for thread in threads:
            thread.start()
        line = Line(fleet.database)
        longest = options.kills * options.every / 60 * 2 + 5
        burnt = watch(line, options, arsonist, clients, lambda: not any(one.is_alive() for one in threads), longest)
        judge.expect(burnt, f"{arsonist.killed} kills and {len(arsonist.pauses)} pauses within {longest:.0f} minutes")
        arsonist.end(judge)
        clients.end(judge)
        left = "select count(*) from workload where settled_at is null"
        ended = watch(line, options, arsonist, clients, lambda: line.sql(left)[0][0] == "0", options.minutes)
        judge.expect(ended, f"not everything has ended within {options.minutes} minutes after the last kill")
        print("  what the endpoint was asked:")
        show_calls(endpoint)
        judge.equal(arsonist.killed, options.kills, "kills")
        judge.equal(len(arsonist.pauses), options.stops, "pauses")
        least = options.kills * 2 // 5
        judge.expect(arsonist.fell[AFTER_ACCEPT] >= least, f"kills between accepted and committed: {arsonist.fell[AFTER_ACCEPT]},"
                     f" at least {least}")
        judge_work(judge, fleet, endpoint, journal, options.workloads)
        judge_charges(judge, fleet, endpoint, budget)
    finally:
        fleet.stop()
        endpoint.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workloads", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--stops", type=int, default=10, help="SIGSTOPs longer than a claim")
    parser.add_argument("--every", type=float, default=20, help="seconds between two kills, on average")
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--throttle", type=float, default=0.3)
    parser.add_argument("--error", type=float, default=0.1)
    parser.add_argument("--reset", type=float, default=0.05)
    parser.add_argument("--create-delay", type=float, default=0.5)
    parser.add_argument("--minutes", type=float, default=15, help="patience after the last kill")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", action="store_true", help="with 60 workloads, 4 kills and no SIGSTOP")
    options = parser.parse_args()
    if options.control:
        options.workloads, options.kills, options.stops, options.minutes = 60, 4, 0, 1
    need("java", "psql")
    begun = time.monotonic()
    chance = begin("a fire" + ("; control: no adoption" if options.control else ""), options.seed, n=options.workloads,
                   replicas=options.replicas, kills=options.kills, stops=options.stops)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-fire-"))
    try:
        programs = Programs(work)
        if options.control:
            programs = programs.with_defect(
                work, "src/main/java/dev/bursar/workload/Attempt.java",
                ("if (sageMakerName == null) {", "if (sageMakerName == null || arn == null) {")).with_defect(
                work, "src/main/java/dev/bursar/workload/Booking.java",
                ("seen.map(observation -> present(workload, observation))",
                 "seen.filter(it -> workload.seenAt() != null).map(observation -> present(workload, observation))"))
        run(options, chance, judge, programs, work)
        print(f"  {time.monotonic() - begun:.0f} s in all")
        return judge.verdict(options.control)
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            remove(work)


if __name__ == "__main__":
    sys.exit(main())
