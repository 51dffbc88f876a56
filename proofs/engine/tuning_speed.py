#!/usr/bin/env python3
"""Trials of XGBoost on the biopsies, two at a time, by the engine's tuning; against as many
Python processes that train the same hyperparameters, two at a time; and beside it one Python process with Optuna.

    proofs/run tuning_speed [--trials 100] [--rounds 50] [--turns 1]
    proofs/run tuning_speed --control …     the engine has one host, so it cannot run two; must go red
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from common import Judge, begin, biopsies
from engine_alone import Alone, fill, tuning

ONE = """
import sys, json, numpy, xgboost
p = json.loads(sys.argv[1]); rounds = int(p.pop("num_round"))
def load(f):
    a = numpy.loadtxt(f, delimiter=","); return xgboost.DMatrix(a[:, 1:], a[:, 0])
t, v = load(sys.argv[2]), load(sys.argv[3]); r = {}
b = xgboost.train(p, t, rounds, [(t, "train"), (v, "validation")], evals_result=r, verbose_eval=False)
b.save_model(sys.argv[4]); print(r["validation"]["auc"][-1])
"""
OPTUNA = """
import sys, json, numpy, optuna, xgboost
optuna.logging.set_verbosity(optuna.logging.ERROR)
rounds, trials = int(sys.argv[3]), int(sys.argv[4])
def load(f):
    a = numpy.loadtxt(f, delimiter=","); return xgboost.DMatrix(a[:, 1:], a[:, 0])
def objective(trial):
    t, v = load(sys.argv[1]), load(sys.argv[2]); r = {}
    p = {"objective": "binary:logistic", "eval_metric": "auc", "nthread": 1, "eta": trial.suggest_float("eta", .05, .5, log=True),
         "max_depth": trial.suggest_int("max_depth", 2, 6)}
    xgboost.train(p, t, rounds, [(t, "train"), (v, "validation")], evals_result=r, verbose_eval=False)
    return r["validation"]["auc"][-1]
s = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(7))
s.optimize(objective, n_trials=trials, n_jobs=2); print(s.best_value)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xgboost-python", default=sys.executable)
    parser.add_argument("--optuna-python", default=sys.executable)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    begin("tuning: engine, Python processes, Optuna", options.seed, n=options.trials, rounds=options.rounds)
    has = subprocess.run([options.xgboost_python, "-c", "import xgboost, numpy"], capture_output=True).returncode == 0
    if not has:
        from common import skip
        skip("stock XGBoost: name a Python that has it with --xgboost-python")
    judge = Judge()
    work = pathlib.Path(tempfile.mkdtemp(prefix="bursar-tuning-"))
    engine = Alone(work, hosts=1 if options.control else 2)
    try:
        train, held_out = biopsies()
        (work / "train.csv").write_text(train)
        (work / "validation.csv").write_text(held_out)
        engine.start()
        sm, bucket = engine.client("sagemaker"), "tuning-speed"
        fill(engine.client("s3"), bucket)
        for turn in range(options.turns):
            name = f"speed-{turn}"
            request = tuning(name, bucket, options.trials, 2, options.rounds)
            request["TrainingJobDefinition"]["StaticHyperParameters"]["nthread"] = "1"
            begun = time.monotonic()
            sm.create_hyper_parameter_tuning_job(**request)
            while True:
                job = sm.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
                if job["HyperParameterTuningJobStatus"] != "InProgress":
                    break
                time.sleep(0.05)
            ours = time.monotonic() - begun
            counters = job["TrainingJobStatusCounters"]
            print(f"  engine {ours:.1f} s", flush=True)
            judge.equal((job["HyperParameterTuningJobStatus"], counters["Completed"]), ("Completed", options.trials),
                        "tuning job")
            found, trials, token = {}, [], {}
            while True:
                page = sm.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName=name,
                                                                            MaxResults=100, **token)
                trials += page["TrainingJobSummaries"]
                if "NextToken" not in page:
                    break
                token = {"NextToken": page["NextToken"]}
            judge.equal(len(trials), options.trials, "trials listed")
            marks = sorted([(t["TrainingStartTime"], 1) for t in trials] + [(t["TrainingEndTime"], -1) for t in trials],
                           key=lambda mark: (mark[0], mark[1]))
            level = peak = 0
            for _, step in marks:
                level += step
                peak = max(peak, level)
            judge.equal(peak, 2, "trials training at once")
            asked = []
            for trial in trials:
                found[trial["TrainingJobName"]] = trial["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
                p = sm.describe_training_job(TrainingJobName=trial["TrainingJobName"])["HyperParameters"]
                asked.append((trial["TrainingJobName"], {k: v for k, v in p.items() if not k.startswith("_")}))

            def one(pair):
                done = subprocess.run([options.xgboost_python, "-c", ONE, json.dumps(pair[1]), str(work / "train.csv"),
                                       str(work / "validation.csv"), str(work / f"{pair[0]}.ubj")], capture_output=True,
                                      text=True)
                if done.returncode:
                    raise RuntimeError(done.stderr[-800:])
                return pair[0], float(done.stdout)

            begun = time.monotonic()
            with ThreadPoolExecutor(2) as pool:
                theirs_auc = dict(pool.map(one, asked))
            theirs = time.monotonic() - begun
            apart = max(abs(theirs_auc[name] - found[name]) for name in found)
            judge.expect(apart < 0.01, f"the same hyperparameters give the same AUC: apart by {apart:.4f}")
            print(f"  {options.trials} Python processes, 2 at a time, {theirs:.1f} s; ratio"
                  f" {ours / theirs:.2f}; validation AUC apart by at most {apart:.5f}; best {max(found.values()):.5f}",
                  flush=True)
            judge.expect(ours <= theirs, f"engine / processes: {ours / theirs:.2f}, not <= 1.0")
            if options.optuna_python:
                begun = time.monotonic()
                done = subprocess.run([options.optuna_python, "-c", OPTUNA, str(work / "train.csv"),
                                       str(work / "validation.csv"), str(options.rounds), str(options.trials)],
                                      capture_output=True, text=True)
                judge.expect(done.returncode == 0, f"Optuna: {done.stderr[-500:]}")
                print(f"  one Python process with Optuna, n_jobs=2: {time.monotonic() - begun:.1f} s; best"
                      f" {done.stdout.strip()}", flush=True)
            else:
                print("  MISSING: Optuna (--optuna-python), printed beside it only")
        return judge.verdict(options.control)
    finally:
        engine.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
