#!/usr/bin/env python3
"""However many read, wait, upload and dawdle: who asks is answered, and what must go on goes on.

For a minute jobs are read and listed 100 times a second on 200 connections, at fixed times, whether or not earlier requests
were answered; latency counts from the time at which a request was to be sent. Beside them 1,000 clients wait with ?wait=, 40
upload files of unknown length slowly, and 300 send half a request without a key and then nothing. Then, alone, 200
connections read as fast as they can. In the middle of both somebody orders a job to be stopped: the engine's request log
says when SageMaker heard of it. Meanwhile every duty must have its turns (tasks_scheduled_execution in the metrics). There is
no work without an end yet: that its lease is renewed beside readers is shown by the test DutiesTests.

    proofs/run storm [--seconds 60] [--fast 20] [--quick] [--seed S] [--keep]
    proofs/run storm --control     everybody, duties and orders too, shares one pool of two connections; must go red
"""

import argparse
import asyncio
import collections
import datetime
import multiprocessing
import pathlib
import re
import resource
import shutil
import sys
import tempfile
import threading
import time

from common import Engine, Judge, Programs, Records, Service, begin, need, percentile, script_job, until

CONNECTIONS, RATE, WAITERS, UPLOADS, HALVES = 200, 100, 1000, 40, 300
SLEEPER = "import time\ntime.sleep(3000)\n"
DUTIES = ("workload.Dispatcher", "workload.Reconciler", "workload.Renewal", "workload.Feed", "workload.Waiting")
SHARE = "src/main/java/dev/bursar/database/Share.java"
ONE_POOL = ("return OF_THREAD.get();", "return REQUESTS;")


# --- clients, in processes of their own: what they do must not slow down who measures -------------------------------------


class Line:
    """One connection; it is opened when it is needed."""

    def __init__(self, port, key=None):
        self.port, self.key, self.reader, self.writer = port, key, None, None

    async def open(self):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.writer = None

    def head(self, method, path, more=""):
        key = f"Authorization: Bearer {self.key}\r\n" if self.key else ""
        return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{key}{more}\r\n".encode()

    async def ask(self, method, path):
        """Status and Retry-After; 0 is a connection that broke."""
        try:
            await self.open()
            self.writer.write(self.head(method, path))
            return await self.answer()
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return 0, None

    async def answer(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = {name.lower(): value.strip() for name, _, value in
                   (line.partition(":") for line in head.split("\r\n")[1:])}
        if "content-length" in headers:
            await self.reader.readexactly(int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            while size := int(await self.reader.readline(), 16):
                await self.reader.readexactly(size + 2)
            await self.reader.readline()
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(head.split()[1]), headers.get("retry-after")


def paths(job, number):
    return f"/api/v1/jobs/{job}" if number % 2 else "/api/v1/jobs?limit=50"


async def read_at_fixed_times(port, key, job, seconds, out):
    """Open loop: a request that finds no free connection waits for one, and its time counts."""
    free, begun = asyncio.Queue(), time.perf_counter() + 0.5
    for _ in range(CONNECTIONS):
        free.put_nowait(Line(port, key))

    async def one(number):
        meant = begun + number / RATE
        line = await free.get()
        status, again = await line.ask("GET", paths(job, number))
        free.put_nowait(line)
        out.append((1000 * (time.perf_counter() - meant), status, again))

    tasks = []
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(0, begun + number / RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)


async def read_as_fast_as_they_can(port, key, job, seconds, out):
    end = time.perf_counter() + seconds

    async def one(number):
        line = Line(port, key)
        while (begun := time.perf_counter()) < end:
            status, again = await line.ask("GET", paths(job, number))
            out.append((1000 * (time.perf_counter() - begun), status, again))
            number += 1

    await asyncio.gather(*(one(number) for number in range(CONNECTIONS)))


async def wait(port, key, job, seconds, out):
    end = time.perf_counter() + seconds

    async def one(number):
        await asyncio.sleep(5 * number / WAITERS)
        line = Line(port, key)
        while (left := end - time.perf_counter()) > 1:
            begun = time.perf_counter()
            status, again = await line.ask("GET", f"/api/v1/jobs/{job}?wait={max(1, int(left))}s&until=end")
            out.append((1000 * (time.perf_counter() - begun), status, again))
            if status != 200:
                await asyncio.sleep(float(again or 1))

    await asyncio.gather(*(one(number) for number in range(WAITERS)))


async def upload(port, key, job, seconds, out):
    end = time.perf_counter() + seconds

    async def one(number):
        line = Line(port, key)
        while time.perf_counter() < end - 2:
            begun = time.perf_counter()
            try:
                await line.open()
                line.writer.write(line.head("PUT", f"/api/v1/datasets/storm/files/slow-{number}.csv",
                                            "Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n"))
                answer = asyncio.create_task(line.answer())
                while time.perf_counter() < min(end, begun + 15) and not answer.done():
                    line.writer.write(b"1000\r\n" + b"1,2,3,4,5,6,7,8\n" * 256 + b"\r\n")
                    await line.writer.drain()
                    await asyncio.sleep(0.25)
                if not answer.done():
                    line.writer.write(b"0\r\n\r\n")
                status, again = await answer
            except (OSError, asyncio.IncompleteReadError, ValueError):
                status, again = 0, None
                line.close()
            out.append((1000 * (time.perf_counter() - begun), status, again))
            if status not in (200, 201, 204):
                line.close()
                await asyncio.sleep(float(again or 1))

    await asyncio.gather(*(one(number) for number in range(UPLOADS)))


async def dawdle(port, key, job, seconds, out):
    end = time.perf_counter() + seconds

    async def one(number):
        while time.perf_counter() < end - 1:
            line = Line(port)
            begun = time.perf_counter()
            try:
                await line.open()
                line.writer.write(line.head("POST", "/api/v1/jobs",
                                            "Content-Type: application/json\r\nContent-Length: 100000\r\n") + b'{"kind": ')
                status, again = await asyncio.wait_for(line.answer(), end - begun)
                out.append((1000 * (time.perf_counter() - begun), status, again))
                await asyncio.wait_for(line.reader.read(), max(0.1, end - time.perf_counter()))
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, ValueError):
                pass
            line.close()
            await asyncio.sleep(0.5)

    await asyncio.gather(*(one(number) for number in range(HALVES)))


def part(kind, port, key, job, seconds, answers):
    out = []
    asyncio.run(kind(port, key, job, seconds, out))
    answers.put((kind.__name__, out))


class Crowd:
    """Clients of several kinds, each kind in a process."""

    def __init__(self, kinds, *arguments):
        self.answers = multiprocessing.Queue()
        self.processes = [multiprocessing.Process(target=part, args=(kind, *arguments, self.answers)) for kind in kinds]
        for process in self.processes:
            process.start()

    def results(self, seconds):
        found = dict(self.answers.get(timeout=seconds) for _ in self.processes)
        for process in self.processes:
            process.join(10)
        return found


# --- what must go on ------------------------------------------------------------------------------------------------------


def turns(service):
    """How many turns each duty has had, by the service's metrics."""
    status, text = service.call("GET", "/actuator/prometheus", raw=True, timeout=10)
    found = collections.Counter()
    for line in text.decode().splitlines() if status == 200 else ():
        named = re.match(r'tasks_scheduled_execution_seconds_count\{.*code_namespace="dev\.bursar\.([\w.]+)".*} (\S+)', line)
        if named:
            found[named[1]] += float(named[2])
    return found


class Heart(threading.Thread):
    """Looks every second how many turns each duty has had since, and keeps the longest time for a turn."""

    def __init__(self, service):
        super().__init__(daemon=True)
        self.service, self.over = service, threading.Event()
        self.longest, self.misses = dict.fromkeys(DUTIES, 0.0), 0

    def run(self):
        seen, since = {}, {}
        while not self.over.wait(1):
            try:
                found = turns(self.service)
            except OSError:
                found = {}
            now = time.monotonic()
            self.misses += not found
            for duty in DUTIES if found else ():
                more = found[duty] - seen.get(duty, found[duty] - 1)
                took = (now - since.get(duty, now)) / max(1, more)
                self.longest[duty] = max(self.longest[duty], took)
                if more:
                    seen[duty], since[duty] = found[duty], now


def stop_in_the_storm(judge, service, records, key, job, what):
    name = service.sql(f"select sagemaker_name from workload where id = '{job}'")[0][0]
    begun = time.time()
    status, answer = service.call("POST", f"/api/v1/jobs/{job}/stop", key=key)
    answered = time.time() - begun
    judge.equal(status, 202, f"{what}: the stop's answer {answer if status != 202 else ''}")

    def heard():
        return next((line for line in records.requests()
                     if line["operation"].endswith("StopTrainingJob") and line["resource"] == name), None)

    try:
        line = until("StopTrainingJob", heard, 15, 0.05)
    except TimeoutError:
        judge.expect(False, f"{what}: SageMaker has not heard of the stop after 15 s")
        return
    took = datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")).timestamp() - begun
    print(f"  {what}: a stop was answered after {answered:.2f} s and in SageMaker after {took:.2f} s", flush=True)
    judge.expect(took <= 2, f"{what}: a stop was in SageMaker only after {took:.2f} s")


def show(judge, what, answers, share=None, p99=None):
    took = sorted(took for took, *_ in answers)
    counts = collections.Counter(status for _, status, _ in answers)
    print(f"  {what:27} n {len(took):6}  p50 {percentile(took, 0.5) if took else 0:7.0f} ms  p99"
          f" {percentile(took, 0.99) if took else 0:7.0f} ms  {dict(sorted(counts.items()))}", flush=True)
    judge.expect(len(answers) > 0, f"{what}: nobody was answered")
    bad = {status for status in counts if status == 0 or (status >= 500 and status != 503)}
    judge.expect(not bad, f"{what}: worse than 503: {bad}")
    judge.expect(all(again for _, status, again in answers if status == 503), f"{what}: a 503 without Retry-After")
    if share is not None:
        good = sum(number for status, number in counts.items() if 200 <= status < 300) / max(1, len(answers))
        judge.expect(good >= share, f"{what}: {100 * good:.2f} % answered 2xx")
    if p99 is not None and took:
        judge.expect(percentile(took, 0.99) <= p99, f"{what}: p99 {percentile(took, 0.99):.0f} ms")


def run(options, judge, programs, work):
    engine = Engine(programs, work, hosts=4).start()
    access, secret = engine.keys
    service = Service(programs, work, ["-Xmx512m", "-XX:TieredStopAtLevel=4"])
    settings = [f"--bursar.engine.url=http://127.0.0.1:{engine.port}", f"--bursar.engine.s3-url=http://127.0.0.1:{engine.s3_port}",
                f"--bursar.engine.access-key-id={access}", f"--bursar.engine.secret-access-key={secret}"]
    if options.control:
        settings.append("--bursar.database.requests=2")
    try:
        service.start(*settings)
        key, _ = service.lab(100)
        service.biopsies(key)
        for name in ("code", "storm"):
            service.ask("POST", "/api/v1/datasets", {"name": name}, key)
        service.ask("PUT", "/api/v1/datasets/code/files/train.py", SLEEPER, key, {"Content-Type": "text/x-python"})
        jobs = [service.ask("POST", "/api/v1/jobs", {**script_job(name), "maxRuntime": "PT1H"}, key)["id"]
                for name in ("waited-for", "stopped-first", "stopped-next")]
        until("all run", lambda: all(service.job(job, key)["state"] == "IN_PROGRESS" for job in jobs), 90)
        records, watched = Records(engine.folder), jobs[0]
        for number in range(400):
            service.call("GET", paths(watched, number), key=key)
        heart = Heart(service)
        heart.start()

        crowd = Crowd([read_at_fixed_times, wait, upload, dawdle], service.port, key, watched, options.seconds)
        time.sleep(options.seconds / 2)
        stop_in_the_storm(judge, service, records, key, jobs[1], "beside all")
        found = crowd.results(options.seconds + 120)
        show(judge, "read and listed at 100/s", found["read_at_fixed_times"], 0.99, 1000)
        show(judge, "waited", found["wait"])
        show(judge, "uploaded", found["upload"])
        show(judge, "half a request, no key", found["dawdle"])

        crowd = Crowd([read_as_fast_as_they_can], service.port, key, watched, options.fast)
        time.sleep(options.fast / 2)
        stop_in_the_storm(judge, service, records, key, jobs[2], "beside readers in haste")
        found = crowd.results(options.fast + 120)
        show(judge, "as fast as 200 can", found["read_as_fast_as_they_can"])

        heart.over.set()
        heart.join()
        for duty, longest in heart.longest.items():
            judge.expect(longest <= 3, f"{duty} had no turn for {longest:.1f} s")
        print("  longest time for a turn: " + ", ".join(f"{duty.split('.')[-1]} {longest:.1f} s"
                                                           for duty, longest in heart.longest.items()), flush=True)
        judge.equal(service.call("GET", "/actuator/health/readiness")[0], 200, "readiness afterwards")
    finally:
        service.stop()
        engine.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--fast", type=float, default=20)
    parser.add_argument("--quick", action="store_true", help="12 s and 5 s")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.seconds, options.fast = 12, 5
    need("java", "psql", *(["javac", "jar"] if options.control else []))
    begin("a storm of readers" + ("; control: one pool of two connections for everybody" if options.control else ""),
          options.seed, seconds=options.seconds, fast=options.fast)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-storm-"))
    try:
        programs = Programs(work)
        run(options, judge, programs.with_defect(work, SHARE, ONE_POOL) if options.control else programs, work)
        return judge.verdict(options.control)
    finally:
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
