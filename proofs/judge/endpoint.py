#!/usr/bin/env python3
"""An independent stand-in for the SageMaker API, for training jobs: JSON 1.1 over HTTP, no process behind any job.

A job "trains" for a drawn number of seconds; what it is at a moment is computed from its times. Faults fall by a seeded
chance. Every request is written down with what became of it, so that a judge can ask afterwards.

    proofs/run endpoint [--port P] [--seed S] [--throttle 0.3] [--error 0.1] [--reset 0.05] [--create-delay 0.5]

    curl http://127.0.0.1:P/_endpoint/requests     one JSON object a line
    curl http://127.0.0.1:P/_endpoint/jobs
"""

import argparse
import asyncio
import collections
import datetime
import email.utils
import json
import math
import random
import re
import socket
import struct
import sys
import threading
import time

ACCOUNT, REGION = "123456789012", "us-east-1"
NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
NOT_FOUND = ("ValidationException", "Requested resource not found.")
OTHERS = {"ListProcessingJobs": "ProcessingJobSummaries", "ListTransformJobs": "TransformJobSummaries",
          "ListHyperParameterTuningJobs": "HyperParameterTuningJobSummaries", "ListEndpoints": "Endpoints",
          "ListModels": "Models", "ListEndpointConfigs": "EndpointConfigs"}
REQUIRED = ("TrainingJobName", "AlgorithmSpecification", "RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition")


class Refused(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.status = code, status


class Faults:
    """Shares of all calls, and for how long a Create is under way before anything happens."""

    def __init__(self, throttle=0.0, error=0.0, reset=0.0, create_delay=0.0, rates=None, stranger=None, saved=None):
        self.throttle, self.error, self.reset, self.create_delay = throttle, error, reset, create_delay
        self.rates = dict(rates or {})        # operation -> calls a second that the account has
        self.stranger = dict(stranger or {})  # operation -> calls a second that somebody else makes of them
        self.saved = dict(saved or {})        # operation -> unused calls that are kept; a second's worth where not said


class Course:
    """How long jobs take, and how they end."""

    def __init__(self, starting=(0.2, 1.0), training=(1.0, 10.0), stopping=(0.1, 1.0), failed=0.0, no_capacity=0.0,
                 bill_late=(0.0, 0.0), search_lag=0.0):
        self.starting, self.training, self.stopping = starting, training, stopping
        self.failed, self.no_capacity = failed, no_capacity
        self.bill_late, self.search_lag = bill_late, search_lag


class Job:
    """All times are fixed when it is created; a stop moves the end nearer."""

    def __init__(self, asked, now, course, chance):
        self.asked, self.created = asked, now
        self.starts = now + chance.uniform(*course.starting)
        self.limit = asked["StoppingCondition"].get("MaxRuntimeInSeconds", 86400)
        length = chance.uniform(*course.training)
        self.ends = self.starts + min(length, self.limit)
        self.end = "Completed" if length <= self.limit else "MaxRuntimeExceeded"
        lot = chance.random()
        if lot < course.no_capacity:
            self.end, self.ends = "CapacityError", self.starts
        elif lot < course.no_capacity + course.failed:
            self.end = "Failed"
        self.stopping = chance.uniform(*course.stopping)
        self.bill_late = chance.uniform(*course.bill_late)
        self.stop_asked = None

    @property
    def name(self):
        return self.asked["TrainingJobName"]

    @property
    def arn(self):
        return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/{self.name.lower()}"

    def stop(self, now):
        if self.stop_asked is None:
            self.stop_asked = now
            if now + self.stopping < self.ends:
                self.ends, self.end = now + self.stopping, "Stopped"

    @property
    def started(self):
        """Whether it was ever billed."""
        return self.end != "CapacityError" and self.ends > self.starts

    def is_over(self, now):
        return now >= self.ends

    def status(self, now):
        if self.is_over(now):
            return {"MaxRuntimeExceeded": "Stopped", "CapacityError": "Failed"}.get(self.end, self.end)
        return "Stopping" if self.stop_asked is not None and self.end == "Stopped" and now >= self.stop_asked else "InProgress"

    def secondary(self, now):
        if self.is_over(now):
            return "Failed" if self.end == "CapacityError" else self.end
        if self.status(now) == "Stopping":
            return "Stopping"
        return "Training" if now >= self.starts else "Starting"

    def billed(self):
        """What is on the bill once it is over, in whole seconds."""
        return math.ceil(round(self.ends, 3) - round(self.starts, 3)) if self.started else 0

    def modified(self, now):
        times = [self.created, self.ends] + [self.starts] * self.started + [self.stop_asked] * (self.stop_asked is not None)
        return max(moment for moment in times if moment <= now)

    def failure(self):
        if self.end == "CapacityError":
            return "CapacityError: Unable to provision requested ML compute capacity. Please retry."
        return "AlgorithmError: it was drawn to fail, exit code: 1" if self.end == "Failed" else None

    def describe(self, now):
        said = {member: value for member, value in self.asked.items() if member != "Tags"}
        said.update(TrainingJobArn=self.arn, TrainingJobStatus=self.status(now), SecondaryStatus=self.secondary(now),
                    CreationTime=round(self.created, 3), LastModifiedTime=round(self.modified(now), 3),
                    ModelArtifacts={"S3ModelArtifacts": self.asked["OutputDataConfig"]["S3OutputPath"].rstrip("/")
                                    + f"/{self.name}/output/model.tar.gz"})
        if now >= self.starts and self.started:
            said["TrainingStartTime"] = round(self.starts, 3)
        if self.is_over(now):
            said["TrainingEndTime"] = round(self.ends, 3)
            if self.started and now >= self.ends + self.bill_late:
                said["BillableTimeInSeconds"] = said["TrainingTimeInSeconds"] = self.billed()
            if self.failure():
                said["FailureReason"] = self.failure()
        return said

    def summary(self, now):
        said = {"TrainingJobName": self.name, "TrainingJobArn": self.arn, "CreationTime": round(self.created, 3),
                "LastModifiedTime": round(self.modified(now), 3), "TrainingJobStatus": self.status(now),
                "SecondaryStatus": self.secondary(now)}
        if self.is_over(now):
            said["TrainingEndTime"] = round(self.ends, 3)
        return said


class Request:
    """One call, from its arrival on: phase is arrived, processed or answered."""

    __slots__ = ("time", "door", "operation", "name", "outcome", "accepted", "phase", "answered")

    def __init__(self, door, operation, name):
        self.time, self.door, self.operation, self.name = time.time(), door, operation, name
        self.outcome, self.accepted, self.phase, self.answered = None, False, "arrived", None

    def plain(self):
        return {part: getattr(self, part) for part in self.__slots__}


class Meter:
    """A bucket of calls that a stranger draws from as well."""

    def __init__(self, rate, stranger, saved, chance):
        self.rate, self.stranger, self.most, self.chance = rate, stranger, saved or max(1, rate), chance
        self.left, self.seen = self.most, time.monotonic()

    def take(self):
        now = time.monotonic()
        passed, self.seen = now - self.seen, now
        strangers = self.chance.gauss(self.stranger * passed, math.sqrt(self.stranger * passed)) if self.stranger else 0
        self.left = min(self.most, max(0, self.left + self.rate * passed - max(0, strangers)))
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Endpoint:
    """Runs in a thread of its own. Each door is a port, so that callers can be told apart.

    on_arrival(request) and on_accept(request) are called in that thread: the first may return seconds to hold the
    request back in place of the drawn delay, the second True to hang up without an answer."""

    def __init__(self, seed=1, faults=None, course=None):
        self.faults, self.course = faults or Faults(), course or Course()
        self.chance = random.Random(seed)
        self.jobs, self.requests, self.open = {}, [], set()
        self.on_arrival = lambda request: None
        self.on_accept = lambda request: False
        self.doors, self.meters = {}, {}
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def door(self, name, port=0):
        """Opens a port; whoever calls there is known by the name."""
        async def begin():
            return await asyncio.start_server(lambda reader, writer: self.serve(name, reader, writer), "127.0.0.1", port)

        server = asyncio.run_coroutine_threadsafe(begin(), self.loop).result(10)
        self.doors[name] = server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{self.doors[name]}"

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)

    # --- what a judge asks

    def names(self):
        return sorted(self.jobs)

    def accepted(self):
        """Names of Creates that were accepted, in order, as often as they were."""
        return [request.name for request in list(self.requests) if request.operation == "CreateTrainingJob" and request.accepted]

    def counts(self):
        return collections.Counter((request.operation, request.outcome) for request in list(self.requests))

    def under_way(self, door):
        return [request for request in list(self.open) if request.door == door]

    # --- HTTP

    async def serve(self, door, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {}
                for line in head[1:]:
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length") or 0))
                if head[0].startswith("GET /_endpoint/"):
                    self.write(writer, 200, self.administration(head[0].split()[1]))
                elif not await self.call(door, headers, body, writer):
                    return
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            pass
        finally:
            writer.close()

    def administration(self, path):
        if path.endswith("/requests"):
            return "\n".join(json.dumps(request.plain()) for request in self.requests).encode() + b"\n"
        now = time.time()
        return "\n".join(json.dumps(job.describe(now)) for job in list(self.jobs.values())).encode() + b"\n"

    async def call(self, door, headers, body, writer):
        """Answers one call, or hangs up: then it is False."""
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        try:
            asked = json.loads(body or b"{}")
        except ValueError:
            asked = {}
        request = Request(door, operation, asked.get("TrainingJobName"))
        self.requests.append(request)
        self.open.add(request)
        try:
            return await self.answer(request, asked, writer)
        finally:
            request.phase, request.answered = "answered", time.time()
            self.open.discard(request)

    async def answer(self, request, asked, writer):
        held = self.on_arrival(request)
        if request.operation == "CreateTrainingJob":
            await asyncio.sleep(self.chance.uniform(0, self.faults.create_delay) if held is None else held)
        lot = self.chance.random()
        lost = False
        try:
            if lot < self.faults.throttle or not self.may(request.operation):
                raise Refused("ThrottlingException", "Rate exceeded")
            lot -= self.faults.throttle
            if lot < self.faults.error / 2:
                raise Refused("InternalFailure", "We encountered an internal error. Please try again.", 500)
            said = self.operate(request, asked)
            request.phase, request.outcome = "processed", "OK"
            if lot < self.faults.error:
                raise Refused("InternalFailure", "We encountered an internal error. Please try again.", 500)
            lost = lot < self.faults.error + self.faults.reset
            if request.accepted:
                lost = self.on_accept(request) or lost
            status, content = 200, said
        except Refused as refused:
            request.outcome = refused.code + (" after it was done" if request.accepted else "")
            status, content = refused.status, {"__type": refused.code, "message": str(refused)}
            if request.accepted:
                lost = self.on_accept(request)
        if lost:
            request.outcome = "reset after it was done"
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        self.write(writer, status, json.dumps(content).encode(), content.get("__type") if status >= 400 else None)
        return True

    @staticmethod
    def write(writer, status, content, error=None):
        lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Error'}", "Content-Type: application/x-amz-json-1.1",
                 f"x-amzn-RequestId: {random.getrandbits(64):016x}", f"Content-Length: {len(content)}",
                 f"Date: {email.utils.formatdate(usegmt=True)}"] + ([f"x-amzn-ErrorType: {error}"] if error else [])
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)

    def may(self, operation):
        if operation not in self.faults.rates:
            return True
        if operation not in self.meters:
            self.meters[operation] = Meter(self.faults.rates[operation], self.faults.stranger.get(operation, 0),
                                           self.faults.saved.get(operation), self.chance)
        return self.meters[operation].take()

    # --- operations

    def operate(self, request, asked):
        if request.operation in OTHERS:
            return {OTHERS[request.operation]: []}
        known = {"CreateTrainingJob": self.create, "DescribeTrainingJob": self.describe, "StopTrainingJob": self.stop,
                 "ListTrainingJobs": self.list, "Search": self.search, "ListTags": self.tags}
        if request.operation not in known:
            if request.operation.startswith("Describe"):
                raise Refused(*NOT_FOUND)
            raise Refused("UnknownOperationException", f"no operation {request.operation}", 404)
        return known[request.operation](request, asked)

    def create(self, request, asked):
        for member in REQUIRED:
            if not asked.get(member):
                raise Refused("ValidationException", f"1 validation error detected: Value null at '{member}' failed to satisfy"
                              " constraint: Member must not be null")
        if len(request.name) > 63 or not NAME.fullmatch(request.name):
            raise Refused("ValidationException", f"1 validation error detected: Value '{request.name}' at 'trainingJobName'"
                          " failed to satisfy constraint: Member must satisfy regular expression pattern")
        taken = self.jobs.get(request.name.lower())
        if taken:
            raise Refused("ResourceInUse", "Job name must be unique within an AWS account and region, and a job with this name"
                          f" already exists ({taken.arn})")
        job = self.jobs[request.name.lower()] = Job(asked, time.time(), self.course, self.chance)
        request.accepted = True
        return {"TrainingJobArn": job.arn}

    def found(self, asked):
        job = self.jobs.get(str(asked.get("TrainingJobName")).lower())
        if job is None:
            raise Refused(*NOT_FOUND)
        return job

    def describe(self, request, asked):
        return self.found(asked).describe(time.time())

    def stop(self, request, asked):
        job, now = self.found(asked), time.time()
        if job.is_over(now):
            raise Refused("ValidationException", "The request was rejected because the training job is in status"
                          f" {job.status(now)}.")
        job.stop(now)
        return {}

    def list(self, request, asked):
        """As SageMaker does: pages are cut by creation time first; what does not match is left out of its page afterwards."""
        now, by_name = time.time(), asked.get("SortBy") == "Name"
        jobs = [job for job in self.jobs.values()
                if asked.get("CreationTimeAfter", 0) < job.created < asked.get("CreationTimeBefore", math.inf)]
        jobs.sort(key=(lambda job: job.name) if by_name else (lambda job: (job.created, job.name)),
                  reverse=asked.get("SortOrder", "Descending") == "Descending")
        begin, size = int(asked.get("NextToken") or 0), int(asked.get("MaxResults") or 10)
        page = [job for job in jobs[begin:begin + size]
                if asked.get("LastModifiedTimeAfter", 0) < job.modified(now) < asked.get("LastModifiedTimeBefore", math.inf)
                and asked.get("NameContains", "").lower() in job.name.lower()
                and asked.get("StatusEquals") in (None, job.status(now))]
        more = {"NextToken": str(begin + size)} if begin + size < len(jobs) else {}
        return {"TrainingJobSummaries": [job.summary(now) for job in page], **more}

    def tags(self, request, asked):
        job = self.jobs.get(str(asked.get("ResourceArn")).rpartition("/")[2])
        return {"Tags": job.asked.get("Tags", []) if job else []}

    def search(self, request, asked):
        """Sees everything as it was a while ago."""
        if asked.get("Resource") != "TrainingJob":
            return {"Results": []}
        now = time.time() - self.course.search_lag
        filters = (asked.get("SearchExpression") or {}).get("Filters") or []
        found = [job for job in self.searched(filters)
                 if job.created <= now and all(matches(job, one, now) for one in filters)]
        found.sort(key=(lambda job: job.modified(now)) if asked.get("SortBy", "LastModifiedTime") == "LastModifiedTime"
                   else (lambda job: job.created), reverse=asked.get("SortOrder", "Descending") == "Descending")
        begin, size = int(asked.get("NextToken") or 0), int(asked.get("MaxResults") or 10)
        more = {"NextToken": str(begin + size)} if begin + size < len(found) else {}
        return {"Results": [{"TrainingJob": {**job.describe(now), "Tags": job.asked.get("Tags", [])}}
                            for job in found[begin:begin + size]], **more}

    def searched(self, filters):
        """Whom a search looks at; one that has an index may leave out what cannot match."""
        return self.jobs.values()


def moment(value):
    """Of a filter; without a zone it is UTC."""
    if re.fullmatch(r"[\d.]+", value):
        return float(value)
    found = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)).timestamp()


def matches(job, condition, now):
    name, operator, value = condition["Name"], condition.get("Operator", "Equals"), str(condition.get("Value"))
    if name.startswith("Tags."):
        own = next((tag["Value"] for tag in job.asked.get("Tags", []) if tag["Key"] == name[5:]), None)
    else:
        own = {**job.summary(now), "CreationTime": job.created, "LastModifiedTime": job.modified(now)}.get(name)
    if operator in ("Exists", "NotExists"):
        return (own is not None) == (operator == "Exists")
    if own is None:
        return operator == "NotEquals"
    if isinstance(own, float):
        other = moment(value)
        return {"GreaterThan": own > other, "GreaterThanOrEqualTo": own >= other, "LessThan": own < other,
                "LessThanOrEqualTo": own <= other, "Equals": own == other}.get(operator, False)
    return {"Equals": own == value, "NotEquals": own != value, "Contains": value.lower() in own.lower(),
            "In": own in value.split(",")}.get(operator, False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--throttle", type=float, default=0)
    parser.add_argument("--error", type=float, default=0)
    parser.add_argument("--reset", type=float, default=0)
    parser.add_argument("--create-delay", type=float, default=0)
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    endpoint = Endpoint(seed, Faults(options.throttle, options.error, options.reset, options.create_delay))
    print(f"{endpoint.door('only', options.port)} seed={seed}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        endpoint.close()


if __name__ == "__main__":
    sys.exit(main())
