#!/usr/bin/env python3
"""The AWS CLI, unchanged, against an engine of its own: engine_cli.sh with the exports that the engine prints.

    proofs/run engine_cli [--control]     control: a wrong secret key; must go red
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

from common import Judge, begin
from engine_alone import Alone

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--control", action="store_true")
options = parser.parse_args()
begin("the AWS CLI walks the engine" + ("; control: a wrong secret key" if options.control else ""), 0)
judge, work = Judge(), pathlib.Path(tempfile.mkdtemp(prefix="bursar-cli-"))
engine = Alone(work)
try:
    engine.start()
    steps = [pathlib.Path(__file__).with_suffix(".sh"), *(["--control"] if options.control else [])]
    done = subprocess.run(["sh", *map(str, steps)], env=engine.environment(), capture_output=True, text=True, timeout=600)
    print(done.stdout + done.stderr)
    if done.returncode == 77:
        sys.exit(77)
    judge.equal(done.returncode, 0, "exit code of the walk")
    judge.equal(done.stdout.count("\n$ aws ") + done.stdout.startswith("$ aws "), 22, "steps that were walked")
    sys.exit(judge.verdict(options.control))
finally:
    engine.stop()
    shutil.rmtree(work, ignore_errors=True)
