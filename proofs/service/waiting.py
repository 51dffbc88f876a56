#!/usr/bin/env python3
"""What holds its money does not stand in line behind what waits for money: one lab's budget is used up for long and 3,000 of
its jobs wait; a job of another lab, which has money, is created as soon as if there were none of them.

    proofs/run waiting [--waiting 3000] [--seconds 10] [--seed S] [--keep]
    proofs/run waiting --control     the endpoint throttles every Create; must go red
"""

import argparse
import concurrent.futures
import pathlib
import sys
import tempfile
import time

from common import Judge, Programs, begin, need, until
from endpoint import Course, Endpoint, Faults
from fleet import Fleet, cheap_job, remove


def other_lab(replica):
    replica.ask("POST", "/api/v1/labs", {"id": "other", "name": "other"})
    replica.ask("POST", "/api/v1/labs/other/members", {"id": "bob", "name": "Bob", "role": "MEMBER"})
    key = replica.ask("POST", "/api/v1/api-keys", {"lab": "other", "member": "bob", "label": "proof"})["secret"]
    replica.ask("POST", "/api/v1/budgets", {"lab": "other", "name": "other", "amount": 5.0})
    replica.ask("POST", "/api/v1/datasets", {"name": "numbers"}, key)
    replica.ask("PUT", "/api/v1/datasets/numbers/files/train.libsvm", "1 1:0.5\n", key, {"Content-Type": "text/plain"})
    return key


def seconds_to_create(replica, key, endpoint, patience):
    begun = time.monotonic()
    job = replica.ask("POST", "/api/v1/jobs", cheap_job("paid"), key)["id"]
    try:
        until("its Create", lambda: any(job in name for name in endpoint.names()), patience, 0.02)
    except TimeoutError:
        return None
    return time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiting", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=10, help="within which a job with money is created")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    need("java", "psql")
    chance = begin("many wait for money" + ("; control: every Create is throttled" if options.control else ""), options.seed,
                   n=options.waiting)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-waiting-"))
    endpoint = Endpoint(chance.randrange(1 << 32), Faults(throttle=1.0 if options.control else 0), Course(training=(3000, 3600)))
    fleet = Fleet(Programs(work), work, endpoint, 1, ["--bursar.workload.dispatch=true"])
    try:
        fleet.start()
        replica, key = fleet.replicas[0], fleet.data()
        fleet.budget(0.5)
        other = other_lab(replica)
        alone = seconds_to_create(replica, other, endpoint, options.seconds)
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda number: replica.ask("POST", "/api/v1/jobs", cheap_job(f"waits-{number}"), key),
                          range(options.waiting)))
        waiting = int(fleet.database.sql("select count(*) from workload where reason = 'BUDGET'")[0][0])
        print(f"  after {time.monotonic() - begun:.0f} s {waiting} wait for money; a Create came after {alone} s before that",
              flush=True)
        judge.expect(waiting > options.waiting * 0.9, f"only {waiting} wait")
        for _ in range(3):
            took = seconds_to_create(replica, other, endpoint, options.seconds)
            judge.expect(took is not None, f"a job with money was not created within {options.seconds} s")
            print(f"  a Create came after {took} s")
        return judge.verdict(options.control)
    finally:
        fleet.stop()
        endpoint.close()
        if options.keep or judge.failures or sys.exc_info()[0]:
            print(f"homes and logs: {work}")
        else:
            remove(work)


if __name__ == "__main__":
    sys.exit(main())
