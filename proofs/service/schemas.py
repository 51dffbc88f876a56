#!/usr/bin/env python3
"""schemathesis, which knows nothing of Bursar, throws what openapi/bursar.yaml allows and what it forbids at every operation,
once with a member's key and once with an admin's: no answer is a 5xx, and each has a status, a type, headers and a body that
the contract has. How many 5xx there were, the service's own metrics say as well.

    proofs/run schemas [--cases 10000] [--seed S] [--keep]
    proofs/run schemas --quick                about a tenth
    proofs/run schemas --control              the service does not check `limit` (a seeded defect); must go red
    proofs/run schemas --control=contract     the contract asks for a field that no answer has; must go red
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from common import ROOT, Judge, Programs, Service, begin, need

CONTRACT = ROOT / "openapi/bursar.yaml"
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance")
SOURCE = "src/main/java/dev/bursar/web/Page.java"
DEFECT = ("if (asked < 1 || asked > MAX_LIMIT) {", "if (asked > MAX_LIMIT) {")
MOST_ROUNDS = 8


def contract(work, control):
    if control != "contract":
        return CONTRACT
    text, count = re.subn(r"(?m)^    LabView:\n", "    LabView:\n      required: [colour]\n", CONTRACT.read_text())
    if count != 1:
        raise AssertionError("the contract no longer has a LabView")
    changed = pathlib.Path(work) / "bursar.yaml"
    changed.write_text(text)
    print("  the contract asks for LabView.colour")
    return changed


def throw(judge, service, file, who, key, wanted, seed, log):
    """Rounds with other seeds until enough cases were thrown; each prints its seed, which repeats it."""
    cases, passed, begun = 0, 0, time.monotonic()
    for turn in range(MOST_ROUNDS):
        if cases >= wanted:
            break
        least = max(5, (wanted - cases) // 48)
        done = subprocess.run(
            ["schemathesis", "run", str(file), "--url", f"http://127.0.0.1:{service.port}", "-H", f"Authorization: Bearer {key}",
             "--phases", "examples,coverage,fuzzing", "--checks", ",".join(CHECKS), "--continue-on-failure", "--no-color",
             "--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "60", "--no-shrink",
             "-n", str(least), "--seed", str(seed + turn)], capture_output=True, text=True)
        log.open("a").write(done.stdout + done.stderr)
        found = re.search(r"(\d+) generated", done.stdout)
        if found is None:
            judge.expect(False, f"{who}: schemathesis counted nothing: {(done.stdout + done.stderr)[-600:]}")
            return
        cases += int(found[1])
        passed += int((re.search(r"generated, (\d+) passed", done.stdout) or [0, "0"])[1])
        judge.equal(done.returncode, 0, f"{who}, seed {seed + turn}: exit code of schemathesis ({failures(done.stdout)})")
        if done.returncode:
            break
    print(f"  {who}: {cases} cases, {passed} passed, {time.monotonic() - begun:.0f} s", flush=True)
    if not judge.failures:
        judge.expect(cases >= wanted, f"{who}: {cases} cases, not at least {wanted}")
    judge.checks += cases


def failures(said):
    names = sorted(set(re.findall(r"(?m)^- (\S.*)$", said)))
    where = re.findall(r"(?m)^_+ ((?:GET|PUT|POST|PATCH|DELETE) \S+) _+$", said)
    return "; ".join(names[:4] + where[:4]) or "see the log"


def server_errors(service):
    """By status, as the service has counted them; its health is 503 until it has started."""
    _, text = service.call("GET", "/actuator/prometheus", raw=True)
    counts = {}
    for line in text.decode().splitlines():
        if line.startswith("http_server_requests_seconds_count") and 'uri="/actuator' not in line:
            status = re.search(r'status="(\d+)"', line)[1]
            counts[status] = counts.get(status, 0) + int(float(line.rsplit(" ", 1)[1]))
    print("  answers by status: " + ", ".join(f"{status} {counts[status]}" for status in sorted(counts)))
    return sum(count for status, count in counts.items() if status.startswith("5"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000, help="at least so many with each key")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--control", nargs="?", const="limit", choices=("limit", "contract"))
    options = parser.parse_args()
    need("java", "psql", "schemathesis")
    cases = 1_000 if options.quick or options.control else options.cases
    chance = begin("schemathesis against the contract" + (f"; control: {options.control}" if options.control else ""), options.seed,
                   n=cases)
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-schemas-"))
    programs = Programs(work)
    if options.control == "limit":
        programs = programs.with_defect(work, SOURCE, DEFECT)
    service = Service(programs, work)
    try:
        service.start()
        member, _ = service.lab(20, "chem")
        service.biopsies(member)
        file = contract(work, options.control)
        for who, key in (("member", member), ("admin", service.admin)):
            throw(judge, service, file, who, key, cases, chance.randrange(1 << 31), work / "schemathesis.log")
        judge.equal(server_errors(service), 0, "5xx that the service has counted")
    finally:
        service.stop()
        kept = ROOT / "target/proofs"
        kept.mkdir(parents=True, exist_ok=True)
        if (work / "schemathesis.log").exists():
            shutil.copy(work / "schemathesis.log", kept / "schemathesis.log")
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)
    sys.exit(judge.verdict(bool(options.control)))


if __name__ == "__main__":
    main()
