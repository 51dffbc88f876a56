#!/usr/bin/env python3
"""Must show 4 of the engine: Create, Describe and List (100 rows), signed and validated, by several clients, at 100 and at
10,000 jobs; the same three against moto_server in the same run, alternating. Then kill -9 after the last 2xx of a burst of
Creates: none may be lost. The jobs are cheap because their image is one that the engine cannot run, so each ends Failed at
once and starts no process. Requests are signed by botocore beforehand and sent over kept connections: the client's own
work is not measured, but it shares the cores.

    python3 proofs/engine_speed.py [--small 100] [--large 10000] [--clients 4] [--seconds 4]
    python3 proofs/engine_speed.py --control     one job's record is removed after the kill; must go red
"""

import argparse
import http.client
import json
import pathlib
import shutil
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


def job(name):
    return {"TrainingJobName": name, "RoleArn": ROLE, "ResourceConfig": RESOURCES, "StoppingCondition": STOPPING,
            "AlgorithmSpecification": {"TrainingImage": OTHER_IMAGE, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://speed/out"}}


class Server:

    def __init__(self, name, port, keys):
        self.name, self.port, self.keys, self.made = name, port, keys, 0

    def signed(self, operation, body):
        request = AWSRequest("POST", f"http://127.0.0.1:{self.port}/", data=json.dumps(body), headers={
            "X-Amz-Target": f"SageMaker.{operation}", "Content-Type": "application/x-amz-json-1.1",
            "Host": f"127.0.0.1:{self.port}"})
        SigV4Auth(Credentials(*self.keys), "sagemaker", REGION).add_auth(request)
        return request.data, dict(request.headers)

    def requests(self, operation, count):
        if operation == "CreateTrainingJob":
            self.made += count
            return [self.signed(operation, job(f"s{number}")) for number in range(self.made - count, self.made)]
        if operation == "ListTrainingJobs":
            return [self.signed(operation, {"MaxResults": 100})] * count
        return [self.signed(operation, {"TrainingJobName": f"s{number * 7919 % self.made}"}) for number in range(count)]

    def send(self, requests, clients, seconds=None):
        """Latencies, wall clock, and the bodies of all that were answered by 200."""
        lock, latencies, answered, wrong, todo = threading.Lock(), [], [], [], iter(requests)
        ends = time.monotonic() + (seconds or 1e9)

        def client():
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            while time.monotonic() < ends:
                with lock:
                    one = next(todo, None)
                if one is None:
                    break
                begun = time.perf_counter()
                line.request("POST", "/", *one)
                answer = line.getresponse()
                content = answer.read()
                took = time.perf_counter() - begun
                with lock:
                    latencies.append(took)
                    (answered if answer.status == 200 else wrong).append(one[0] if answer.status == 200 else content)
            line.close()

        threads = [threading.Thread(target=client) for _ in range(clients)]
        begun = time.monotonic()
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        if wrong:
            raise RuntimeError(f"{self.name}: {len(wrong)} were refused: {wrong[0][:300]}")
        return sorted(latencies), time.monotonic() - begun, answered


def measure(server, size, clients, seconds, rates):
    import os
    for operation in ("CreateTrainingJob", "DescribeTrainingJob", "ListTrainingJobs"):
        before = server.made
        count = int(min(3000, 200 * seconds)) if operation != "CreateTrainingJob" else int(100 * seconds)
        latencies, took, _ = server.send(server.requests(operation, count), clients,
                                         None if operation == "CreateTrainingJob" else seconds)
        rates[server.name, operation, size] = len(latencies) / took
        print(f"  {server.name:7} {operation:20} at {before:6} jobs: {len(latencies) / took:7.0f}/s  n={len(latencies):5}"
              f"  p50 {percentile(latencies, .5) * 1000:6.2f} ms  p99 {percentile(latencies, .99) * 1000:7.2f} ms"
              f"  load {os.getloadavg()[0]:.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--large", type=int, default=10000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    begin("Create, Describe, List", options.seed, clients=options.clients)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-speed-"))
    engine, moto = Alone(work), None
    try:
        engine.start()
        servers = [Server("engine", engine.port, engine.keys)]
        if shutil.which("moto_server"):
            port = free_port()
            moto = subprocess.Popen(["moto_server", "-H", "127.0.0.1", "-p", str(port)], env=clean_environment(),
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            until("moto", lambda: can_connect(port), 60)
            servers.append(Server("moto", port, engine.keys))
        else:
            print("  MISSING: moto_server (pip install 'moto[server]')")
        rates = {}
        sizes = [options.small] if options.control else [options.small, options.large]
        for size in sizes:
            for server in servers:
                if server.made < size:
                    begun = time.monotonic()
                    server.send(server.requests("CreateTrainingJob", size - server.made), options.clients)
                    print(f"  {server.name}: filled to {server.made} in {time.monotonic() - begun:.1f} s", flush=True)
            if size == options.small:
                # Both warm up with what is not counted.
                for server in servers:
                    server.send(server.requests("DescribeTrainingJob", 300), options.clients)
            for server in servers:
                measure(server, size, options.clients, options.seconds, rates)
        if not options.control:
            for server in servers:
                for operation in ("CreateTrainingJob", "DescribeTrainingJob", "ListTrainingJobs"):
                    small, large = (rates[server.name, operation, size] for size in sizes)
                    print(f"  {server.name:7} {operation:20} {options.large} / {options.small}: {large / small:.2f}")
                    if server.name == "engine":
                        judge.expect(large / small >= 0.8, f"{operation}: ratio {large / small:.2f}, aim 0.8")
                        judge.expect(small >= 500, f"{operation}: {small:.0f}/s at {options.small} jobs, aim 500")
        ours = servers[0]
        _, _, answered = ours.send(ours.requests("CreateTrainingJob", 300), options.clients)
        engine.kill9()
        if options.control:
            shutil.rmtree(engine.folder / "jobs" / json.loads(answered[7])["TrainingJobName"])
        engine.start()
        sm = engine.client("sagemaker")
        lost = []
        for body in answered:
            try:
                sm.describe_training_job(TrainingJobName=json.loads(body)["TrainingJobName"])
            except sm.exceptions.ClientError:
                lost.append(json.loads(body)["TrainingJobName"])
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
