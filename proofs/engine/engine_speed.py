#!/usr/bin/env python3
"""Create, Describe and List (100 rows), signed and validated, by several clients, at 100 and at
10,000 jobs; the same three against moto_server in the same run, alternating. Then kill -9 after the last 2xx of a burst of
Creates: none may be lost. The jobs are cheap because their image is one that the engine cannot run, so each ends Failed at
once and starts no process. Requests are signed by botocore beforehand and sent as they are over kept sockets: the client shares
the cores, and how much processor time each side takes per request is printed.

    proofs/run engine_speed [--small 100] [--large 10000] [--clients 4] [--seconds 4] [--turns 2]
    proofs/run engine_speed --control     one job's record is removed after the kill; must go red
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from common import Judge, begin, can_connect, clean_environment, free_port, percentile, until
from engine_alone import OTHER_IMAGE, REGION, RESOURCES, ROLE, STOPPING, Alone


# Requests by which the engine is warmed up before anything is measured.
WARM = 1500
LENGTH = re.compile(rb"content-length: *(\d+)")


def job(name):
    return {"TrainingJobName": name, "RoleArn": ROLE, "ResourceConfig": RESOURCES, "StoppingCondition": STOPPING,
            "AlgorithmSpecification": {"TrainingImage": OTHER_IMAGE, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://speed/out"}}


class Line:
    """A kept connection that sends requests as they stand and reads no more of an answer than it must."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def send(self, request):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        answer = b""
        while (head := answer.find(b"\r\n\r\n")) < 0:
            answer += self.more()
        headers = answer[:head].lower()
        length = int(LENGTH.search(headers).group(1))
        while len(answer) < head + 4 + length:
            answer += self.more()
        if headers.startswith(b"http/1.0") or b"connection: close" in headers:
            self.close()
        return int(headers[9:12]), answer[head + 4:]

    def more(self):
        piece = self.socket.recv(1 << 16)
        if not piece:
            raise ConnectionError("the server hung up")
        return piece

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None


class Server:

    def __init__(self, name, port, keys, process):
        self.name, self.port, self.keys, self.process, self.made = name, port, keys, process, 0

    def signed(self, operation, body):
        """The bytes of a request, and the name of the job that it is about."""
        request = AWSRequest("POST", f"http://127.0.0.1:{self.port}/", data=json.dumps(body), headers={
            "X-Amz-Target": f"SageMaker.{operation}", "Content-Type": "application/x-amz-json-1.1",
            "Host": f"127.0.0.1:{self.port}"})
        SigV4Auth(Credentials(*self.keys), "sagemaker", REGION).add_auth(request)
        content = request.data if isinstance(request.data, bytes) else request.data.encode()
        headers = {**dict(request.headers), "Content-Length": str(len(content))}
        head = "POST / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        return head.encode() + content, body.get("TrainingJobName")

    def creates(self, count):
        self.made += count
        return [self.signed("CreateTrainingJob", job(f"s{number}")) for number in range(self.made - count, self.made)]

    def requests(self, operation, count):
        if operation == "CreateTrainingJob":
            return self.creates(count)
        if operation == "ListTrainingJobs":
            return [self.signed(operation, {"MaxResults": 100})] * count
        return [self.signed(operation, {"TrainingJobName": f"s{number * 7919 % self.made}"}) for number in range(count)]

    def cpu(self):
        """Seconds of processor time so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, requests, clients, seconds=None):
        """Latencies, wall clock, and the names of all jobs whose request was answered by 200."""
        latencies, answered, wrong, todo = [], [], [], iter(requests)
        ends = time.monotonic() + (seconds or 1e9)

        def client():
            line = Line(self.port)
            # A list's iterator and append are atomic, so the clients need no lock.
            for request, name in todo:
                begun = time.perf_counter()
                status, content = line.send(request)
                latencies.append(time.perf_counter() - begun)
                if status == 200:
                    answered.append(name)
                else:
                    wrong.append(content)
                if time.monotonic() > ends:
                    break
            line.close()

        threads = [threading.Thread(target=client) for _ in range(clients)]
        begun = time.monotonic()
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        if wrong or len(latencies) < len(threads):
            raise RuntimeError(f"{self.name}: {len(wrong)} were refused: {wrong[:1]}")
        return latencies, time.monotonic() - begun, answered


def warm(server, engine, clients):
    """A JVM is slow at first: what is done here is not counted, and nothing of it is left."""
    begun = time.monotonic()
    server.send(server.creates(WARM), clients)
    for operation in ("DescribeTrainingJob", "ListTrainingJobs"):
        server.send(server.requests(operation, WARM), clients)
    client = engine.client("sagemaker")
    until("the jobs' ends", lambda: not client.list_training_jobs(StatusEquals="InProgress", MaxResults=100)[
        "TrainingJobSummaries"], 120)
    server.send([server.signed("DeleteTrainingJob", {"TrainingJobName": f"s{number}"}) for number in range(WARM)], clients)
    server.made = 0
    print(f"  {server.name}: warmed up in {time.monotonic() - begun:.1f} s", flush=True)


def measure(server, operation, size, options, seen):
    creates = operation == "CreateTrainingJob"
    before = server.made
    requests = server.requests(operation, int((100 if creates else 2000) * options.seconds))
    ours, theirs = server.cpu(), time.process_time()
    latencies, took, _ = server.send(requests, options.clients, None if creates else options.seconds)
    latencies.sort()
    count = len(latencies)
    seen.setdefault((server.name, operation, size), []).append(count / took)
    print(f"  {server.name:7} {operation:20} at {before:6} jobs: {count / took:7.0f}/s  n={count:5}"
          f"  p50 {percentile(latencies, .5) * 1000:6.2f} ms  p99 {percentile(latencies, .99) * 1000:7.2f} ms"
          f"  cpu {(server.cpu() - ours) / count * 1000:5.2f} ms (client {(time.process_time() - theirs) / count * 1000:.2f})"
          f"  load {os.getloadavg()[0]:.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--large", type=int, default=10000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    begin("Create, Describe, List", options.seed, clients=options.clients)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-speed-"))
    engine, moto = Alone(work), None
    try:
        engine.start()
        servers = [Server("engine", engine.port, engine.keys, engine.process)]
        if shutil.which("moto_server"):
            port = free_port()
            moto = subprocess.Popen(["moto_server", "-H", "127.0.0.1", "-p", str(port)], env=clean_environment(),
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            until("moto", lambda: can_connect(port), 60)
            servers.append(Server("moto", port, engine.keys, moto))
        else:
            print("  MISSING: moto_server (pip install 'moto[server]')")
        sizes = [options.small] if options.control else [options.small, options.large]
        if not options.control:
            warm(servers[0], engine, options.clients)
        seen = {}
        for size in sizes:
            for server in servers:
                if server.made < size:
                    begun = time.monotonic()
                    server.send(server.creates(size - server.made), options.clients)
                    print(f"  {server.name}: filled to {server.made} in {time.monotonic() - begun:.1f} s", flush=True)
            for _ in range(options.turns):
                for operation in ("DescribeTrainingJob", "ListTrainingJobs", "CreateTrainingJob"):
                    for server in servers:
                        measure(server, operation, size, options, seen)
        if not options.control:
            for server in servers:
                for operation in ("CreateTrainingJob", "DescribeTrainingJob", "ListTrainingJobs"):
                    small, large = (statistics.mean(seen[server.name, operation, size]) for size in sizes)
                    print(f"  {server.name:7} {operation:20} {small:.0f}/s, {large:.0f}/s; {options.large} / {options.small}:"
                          f" {large / small:.2f}")
                    if server.name == "engine":
                        judge.expect(large / small >= 0.8, f"{operation}: ratio {large / small:.2f}, aim 0.8")
                        judge.expect(small >= 500, f"{operation}: {small:.0f}/s at {options.small} jobs, aim 500")
        ours = servers[0]
        _, _, answered = ours.send(ours.creates(300), options.clients)
        engine.kill9()
        if options.control:
            shutil.rmtree(engine.folder / "jobs" / answered[7])
        engine.start()
        sm = engine.client("sagemaker")
        lost = []
        for name in answered:
            try:
                sm.describe_training_job(TrainingJobName=name)
            except sm.exceptions.ClientError:
                lost.append(name)
        judge.expect(not lost, f"lost after kill -9: {lost}")
        print(f"  kill -9 after the last of {len(answered)} answers of 200: {len(lost)} lost")
        return judge.verdict(options.control)
    finally:
        if moto:
            moto.kill()
        engine.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
