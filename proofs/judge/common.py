"""What the proofs share: programs under test, a client, and a judge's own sums. Nothing of Bursar's is imported; what
is read is its answers, its database through psql, the engine's files and the price lists."""

import csv
import decimal
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "src/main/resources/dev/bursar/catalogue"
MISSING = 77
JAVA_OPTIONS = ["-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
MICRO = Decimal("0.000001")


def skip(why):
    print(f"MISSING: {why}")
    sys.exit(MISSING)


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            skip(f"the program {program} is not on the PATH")


def clean_environment():
    """No AWS settings of the person who runs this may leak in."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def begin(claim, seed, **numbers):
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    shown = " ".join(f"{name}={value}" for name, value in numbers.items())
    print(f"{claim}\n{time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime())} seed={seed} cores={os.cpu_count()}"
          f" load={os.getloadavg()[0]:.1f} {shown}", flush=True)
    return random.Random(seed)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def until(what, condition, seconds=60, every=0.1):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(every)
    raise TimeoutError(f"not within {seconds} s: {what}")


class Judge:
    """Collects what was found; red as soon as one thing is not as claimed."""

    def __init__(self):
        self.failures = []
        self.checks = 0

    def expect(self, right, what, shown=True):
        self.checks += 1
        if not right:
            self.failures.append(what)
            if shown:
                print(f"  RED {what}", flush=True)
        return right

    def equal(self, found, expected, what):
        return self.expect(found == expected, f"{what}: {found}, not {expected}")

    def verdict(self, control=False):
        if self.failures:
            print(f"RED: {len(self.failures)} of {self.checks} checks failed"
                  + (", as the control must" if control else ""))
            return 1
        print(f"GREEN: {self.checks} checks" + (", but this is the control: the proof proves nothing" if control else ""))
        return 0


# --- programs under test --------------------------------------------------------------------------------------------


class Programs:
    """The built jar, unpacked outside the work tree, so that a build beside it disturbs nothing."""

    def __init__(self, work):
        jar = ROOT / "target/bursar.jar"
        if not jar.exists():
            skip(f"{jar}: build it with ./mvnw -DskipTests package")
        need("java", "psql")
        self.folder = pathlib.Path(work) / "application"
        copy = pathlib.Path(work) / "bursar.jar"
        shutil.copy(jar, copy)
        subprocess.run(["java", "-Djarmode=tools", "-jar", str(copy), "extract", "--destination", str(self.folder)],
                       check=True, stdout=subprocess.DEVNULL)
        copy.unlink()
        self.jar = self.folder / "bursar.jar"

    def with_defect(self, work, source, *changes):
        """The same program with lines of one class changed: a seeded defect."""
        need("javac", "jar")
        text = (ROOT / source).read_text()
        for old, new in changes:
            if old not in text:
                raise AssertionError(f"{source} no longer says: {old}")
            text = text.replace(old, new)
        place = pathlib.Path(tempfile.mkdtemp(prefix="defect-", dir=work))
        out = place / "classes"
        out.mkdir()
        changed = place / pathlib.Path(source).name
        changed.write_text(text)
        seeded = object.__new__(Programs)
        seeded.folder = place / "application"
        seeded.folder.mkdir()
        (seeded.folder / "lib").symlink_to(self.folder / "lib")
        seeded.jar = seeded.folder / "bursar.jar"
        shutil.copy(self.jar, seeded.jar)
        subprocess.run(["javac", "-proc:none", "-parameters", "--release", "17", "-nowarn", "-d", str(out), "-cp",
                        f"{self.jar}:{self.folder}/lib/*", str(changed)], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["jar", "uf", str(seeded.jar), "-C", str(out), "."], check=True)
        for old, new in changes:
            print(f"  seeded defect in {source}: {' '.join(old.split())[:90]} -> {' '.join(new.split())[:90]}")
        return seeded

    def run(self, arguments, log, options=()):
        return subprocess.Popen(["java", *JAVA_OPTIONS, *options, "-jar", str(self.jar), *arguments],
                                stdout=open(log, "ab"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                env=clean_environment(), start_new_session=True)


class Process:
    process = None

    def kill9(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


class Engine(Process):
    """The engine outside: a process of its own."""

    def __init__(self, programs, work, hosts=2, options=()):
        self.programs, self.hosts, self.options = programs, hosts, options
        self.folder = pathlib.Path(work) / "engine"
        self.log = pathlib.Path(work) / "engine.log"
        self.port, self.s3_port = free_port(), free_port()

    def start(self):
        self.process = self.programs.run(
            ["engine", "--folder", str(self.folder), "--port", str(self.port), "--s3-port", str(self.s3_port),
             "--hosts", str(self.hosts)], self.log, self.options)
        until("the engine's ports", lambda: self.alive() and can_connect(self.port) and can_connect(self.s3_port), 120)
        return self

    def alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the engine ended: see {self.log}")
        return True

    @property
    def keys(self):
        lines = (self.folder / "keys.properties").read_text().splitlines()
        found = dict(line.split("=", 1) for line in lines)
        return found["accessKeyId"], found["secretAccessKey"]


class Service(Process):
    """The service with its PostgreSQL, and with the engine inside unless its settings name another."""

    def __init__(self, programs, work, options=()):
        self.programs, self.options = programs, list(options)
        self.home = pathlib.Path(work) / "home"
        self.log = pathlib.Path(work) / "service.log"
        self.port = free_port()
        self.admin = None

    def start(self, *settings):
        self.process = self.programs.run(
            [f"--server.port={self.port}", f"--bursar.home={self.home}", *settings], self.log, self.options)
        until("the service's health", self.healthy, 180, 0.2)
        self.admin = (self.home / "admin.key").read_text().strip()
        return self

    def healthy(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the service ended: see {self.log}")
        try:
            return self.call("GET", "/actuator/health")[0] == 200
        except OSError:
            return False

    def stop(self):
        super().stop()
        self.end_postgres()

    def end_postgres(self):
        """After a kill -9 the embedded PostgreSQL is still there; only the one of this home is ended."""
        file = self.home / "postgres/data/postmaster.pid"
        if file.exists():
            pid = int(file.read_text().splitlines()[0])
            try:
                os.kill(pid, signal.SIGINT)
                until("PostgreSQL's end", lambda: not file.exists(), 20)
            except (ProcessLookupError, TimeoutError):
                pass

    # --- the public API

    def call(self, method, path, body=None, key=None, headers=None, raw=False, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = dict(headers or {})
        if key or self.admin:
            sent["Authorization"] = f"Bearer {key or self.admin}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if raw:
            return answer.status, content
        try:
            return answer.status, json.loads(content, parse_float=Decimal) if content else None
        except ValueError:
            return answer.status, content.decode(errors="replace")

    def ask(self, method, path, body=None, key=None, headers=None):
        status, answer = self.call(method, path, body, key, headers)
        if not 200 <= status < 300:
            raise AssertionError(f"{method} {path} was answered {status}: {answer}")
        return answer

    def job(self, job, key=None):
        return self.ask("GET", f"/api/v1/jobs/{job}", key=key)

    def lab(self, amount, name="proof"):
        """A lab with a member, her key and a budget of the whole lab."""
        self.ask("POST", "/api/v1/labs", {"id": name, "name": name})
        self.ask("POST", f"/api/v1/labs/{name}/members", {"id": "ada", "name": "Ada", "role": "MEMBER"})
        key = self.ask("POST", "/api/v1/api-keys", {"lab": name, "member": "ada", "label": "proof"})["secret"]
        budget = self.ask("POST", "/api/v1/budgets", {"lab": name, "name": "proof", "amount": float(amount)})
        return key, budget["id"]

    def biopsies(self, key):
        self.ask("POST", "/api/v1/datasets", {"name": "biopsies"}, key)
        train, held_out = biopsies()
        for name, content in (("train.csv", train), ("validation.csv", held_out)):
            self.ask("PUT", f"/api/v1/datasets/biopsies/files/{name}", content, key, {"Content-Type": "text/csv"})

    # --- its database, by psql

    def sql(self, statement):
        done = subprocess.run(["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement],
                              env=self.psql_environment(), capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"psql: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def psql_environment(self):
        port = (self.home / "postgres/data/postmaster.pid").read_text().splitlines()[3].strip()
        password = (self.home / "secrets/postgres-administrator-password").read_text().strip()
        return {**clean_environment(), "PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "postgres",
                "PGDATABASE": "bursar", "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "10"}


def can_connect(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


# --- data and requests ----------------------------------------------------------------------------------------------


def biopsies():
    """569 real biopsies, label first; every fifth row is held out."""
    rows = (ROOT / "examples/breast-cancer.csv").read_text().splitlines()[1:]
    train = [row for number, row in enumerate(rows) if number % 5]
    held_out = [row for number, row in enumerate(rows) if number % 5 == 0]
    return "\n".join(train) + "\n", "\n".join(held_out) + "\n"


def xgboost_job(name, rounds):
    return {"kind": "training", "name": name, "algorithm": {"builtIn": "xgboost", "version": "1.7-1"},
            "hyperparameters": {"objective": "binary:logistic", "eval_metric": "auc", "num_round": rounds,
                                "max_depth": 4, "eta": 0.2},
            "inputs": {"train": {"dataset": "biopsies", "path": "train.csv", "contentType": "text/csv"},
                       "validation": {"dataset": "biopsies", "path": "validation.csv", "contentType": "text/csv"}},
            "compute": {"instanceType": "ml.m5.large", "instanceCount": 1, "volumeSizeGb": 10}, "maxRuntime": "PT10M"}


def script_job(name, **hyperparameters):
    return {"kind": "training", "name": name,
            "algorithm": {"framework": "scikit-learn", "version": "1.2-1",
                          "script": {"dataset": "code", "path": "train.py"}},
            "hyperparameters": hyperparameters,
            "inputs": {"train": {"dataset": "biopsies", "path": "train.csv"}},
            "compute": {"instanceType": "ml.m5.large", "instanceCount": 1, "volumeSizeGb": 10}, "maxRuntime": "PT10M"}


# --- the judge's own sums -------------------------------------------------------------------------------------------


def usd_per_hour(instance_type, gigabytes, catalogue=CATALOGUE):
    """Price of an instance with its volume in us-east-1, out of the price lists; ten decimals (rule M3)."""
    with (catalogue / "instances.csv").open() as file:
        price = next(row["training_usd"] for row in csv.DictReader(file) if row["instance_type"] == instance_type)
    with (catalogue / "volume-prices.csv").open() as file:
        volume = next(row["usd_gb_month"] for row in csv.DictReader(file)
                      if (row["region"], row["component"]) == ("us-east-1", "training"))
    exact = Decimal(price) + gigabytes * Decimal(volume) / 672
    return exact.quantize(Decimal("1e-10"), decimal.ROUND_HALF_UP)


def cost_of(described):
    """What the engine's own record of a job costs."""
    resources = described["ResourceConfig"]
    billed = described.get("BillableTimeInSeconds", 0) * resources["InstanceCount"]
    rate = usd_per_hour(resources["InstanceType"], resources["VolumeSizeInGB"])
    return (rate * billed / 3600).quantize(MICRO, decimal.ROUND_HALF_UP)


class Records:
    """What the engine wrote down by itself."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def describe(self, name):
        return json.loads((self.folder / "jobs" / name / "job.json").read_text())

    def names(self):
        return sorted(path.parent.name for path in (self.folder / "jobs").glob("*/job.json"))

    def requests(self):
        file = self.folder / "requests.log"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def creates(self, outcome="OK"):
        return [line["resource"] for line in self.requests()
                if line["operation"].endswith("CreateTrainingJob") and line["outcome"] == outcome]

    def children(self):
        """Name and host of every process that was ever started."""
        file = self.folder / "children.log"
        return [tuple(line.split()[1:3]) for line in file.read_text().splitlines()] if file.exists() else []


def judge_books(judge, service, records, jobs, budget):
    """One Create and one child per attempt, honest ends, and money that adds up; jobs are those of the budget."""
    creates, children = records.creates(), records.children()
    total = Decimal(0)
    for job in jobs:
        row = service.sql("select state, attempt, sagemaker_name, settled_at is not null from workload where id = "
                          f"'{job}'")[0]
        state, attempts, name = row[0], int(row[1]), row[2]
        judge.expect(state == "COMPLETED", f"{job} ended as {state}")
        judge.equal(row[3], "t", f"{job} is settled")
        mine = [made for made in creates if f"-{job}-" in made]
        judge.equal(len(mine), attempts, f"accepted Creates of {job}")
        judge.equal(len(set(mine)), len(mine), f"different names of the Creates of {job}")
        judge.equal([child for child in children if f"-{job}-" in child[0]], [(made, "algo-1") for made in mine],
                    f"processes ever started for {job}")
        for earlier in mine[:-1]:
            judge.expect("TrainingStartTime" not in records.describe(earlier), f"{earlier} was billed, and tried again (N2)")
        expected = sum((cost_of(records.describe(made)) for made in mine), Decimal(0))
        total += expected
        sums = dict(service.sql(f"select kind, sum(amount) from ledger_entry where hold_id = '{job}' group by kind"))
        sums = {kind: Decimal(amount) for kind, amount in sums.items()}
        judge.equal(sums.get("CHARGE"), expected, f"charged for {job} (billed × price)")
        judge.equal(sums.get("HOLD", 0), sums.get("CHARGE", 0) + sums.get("RELEASE", 0), f"{job}: held = charged + released")
        count = service.sql(f"select count(*) from ledger_entry where hold_id = '{job}' and kind = 'CHARGE'")[0][0]
        judge.equal(count, "1", f"charges of {job}")
        held, charged, overrun = service.sql(f"select held, charged, overrun from hold where id = '{job}'")[0]
        judge.equal((Decimal(held), Decimal(charged), Decimal(overrun)), (0, expected, 0), f"position of {job}")
        if name:
            judge.equal(records.describe(name)["TrainingJobStatus"], "Completed", f"the engine's state of {name}")
    window = service.sql(f"select held, charged, overrun from budget_window where budget_id = '{budget}'")[0]
    judge.equal(tuple(map(Decimal, window)), (0, total, 0), "held, charged, overrun of the budget")
    entered = service.sql("select coalesce(sum(case kind when 'HOLD' then amount when 'CHARGE' then -amount when 'RELEASE'"
                          f" then -amount else 0 end), 0) from ledger_entry where hold_id in ({quoted(jobs)})")[0][0]
    judge.equal(Decimal(entered), 0, "HOLD − CHARGE − RELEASE over the ledger")
    statement = service.ask("GET", f"/api/v1/budgets/{budget}/statement")
    stated = sum((Decimal(str(line["charged"])) for line in statement["lines"]), Decimal(0))
    judge.equal(stated, total, "the statement's charges")
    judge.equal(Decimal(str(statement["budget"]["held"])), Decimal(0), "the statement's held")
    return total


def quoted(ids):
    return ", ".join(f"'{one}'" for one in ids) or "''"


def percentile(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
