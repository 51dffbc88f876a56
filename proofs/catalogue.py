"""Every proof by name: what it claims, what it judges, and how it is run whole, at about a tenth, and broken on purpose."""

from dataclasses import dataclass, field

SERVICE = ("src/main", "db", "pom.xml", "proofs/judge")
ENGINE = ("src/main/java/dev/bursar/engine", "src/main/java/dev/bursar/algorithm", "pom.xml", "proofs/judge")


@dataclass(frozen=True)
class Proof:
    name: str
    script: str                                   # below proofs/
    claim: str
    judges: tuple[str, ...]                       # a result is STALE once one of these paths has changed
    venv: str | None = None                       # proofs/requirements/NAME.txt
    programs: tuple[str, ...] = ("java", "psql")  # on the PATH, with the Debian package in PACKAGES
    full: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    controls: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"control": ("--control",)})
    quick_control: tuple[str, ...] | None = ("--control",)  # None: too long for `quick`; run it with `all --control`


PACKAGES = {"java": "openjdk-17-jdk-headless", "javac": "openjdk-17-jdk-headless", "psql": "postgresql-client",
            "pgbench": "postgresql-contrib", "python3": "python3"}

PROOFS = [
    Proof("engine_suite", "engine/engine_suite.py",
          "every operation of the engine by boto3: good cases, mistakes, failures, answers as botocore's model has them",
          ENGINE, "clients", ("java",)),
    Proof("engine_cli", "engine/engine_cli.py", "the AWS CLI creates, waits, lists, invokes, syncs, deletes", ENGINE, "clients",
          ("java",)),
    Proof("boto3_training", "engine/boto3_training.py",
          "boto3 and the AWS CLI train; stock XGBoost reads the model", ENGINE, "training", ("java", "psql")),
    Proof("engine_crash", "engine/engine_crash.py",
          "20 × kill -9 of the engine amid mixed work: nothing acknowledged lost, nothing run twice, no orphan", ENGINE, "clients",
          ("java",), quick=("--kills", "2")),
    Proof("engine_speed", "engine/engine_speed.py", "Create, Describe, List per second beside moto; a durable Create", ENGINE,
          "clients", ("java",), quick=("--large", "1000", "--seconds", "1", "--turns", "1")),
    Proof("tuning_speed", "engine/tuning_speed.py", "100 trials against 100 Python processes", ENGINE, "training", ("java",),
          quick=("--trials", "10", "--rounds", "20")),
    Proof("confinement", "engine/confinement.py", "what confinement costs a child, to its first line: at most 15 ms (p50)",
          ENGINE, "clients", ("java",), quick=("--quick",)),
    Proof("race", "service/race.py",
          "three processes, 64 clients, 10,000 submissions: what holds money is what the order of acceptance affords; never"
          " overdrawn; the bill to the micro-dollar", SERVICE,
          quick=("--submissions", "800", "--more", "80", "--clients", "32"),
          controls={"unchecked": ("--control",), "starved": ("--control=starved",)},
          quick_control=("--control", "--submissions", "200", "--more", "20", "--clients", "16")),
    Proof("fire", "service/fire.py",
          "2,000 workloads, 50 × kill -9, 10 × SIGSTOP, throttles, 5xx, resets: none lost, none started twice, every one ended"
          " and paid", SERVICE, quick=("--workloads", "100", "--kills", "4", "--stops", "1", "--every", "6")),
    Proof("crash", "service/crash.py",
          "kill -9 at five points, engine inside and outside: one accepted Create and one child an attempt; the books add up",
          SERVICE, "clients", ("java", "javac", "psql", "python3"), quick=("--quick",),
          controls={"no-adoption": ("--control",), "forged": ("--control=forged",)}, quick_control=("--control=forged",)),
    Proof("admission", "service/admission.py", "a budget of 43.5 worst cases, 32 clients, 128 jobs: exactly 43 hold money", SERVICE,
          None, ("java", "javac", "psql"), quick=("--rounds", "10"), quick_control=("--control", "--rounds", "10")),
    Proof("waiting", "service/waiting.py", "what holds its money does not stand in line behind 3,000 that wait for money", SERVICE,
          quick=("--waiting", "300"), quick_control=("--control", "--waiting", "20", "--seconds", "3")),
    Proof("second_backend", "service/second_backend.py",
          "against moto through a recording proxy: every request is valid; HTML 500s, cut lines and misses leave a clear state",
          SERVICE, "clients", ("java", "psql")),
    Proof("storm", "service/storm.py",
          "100 reads a second beside 1,000 ?wait, 40 slow uploads and 300 half requests: ≥ 99 % 2xx, p99 ≤ 1 s, else 503 with"
          " Retry-After; a stop is in SageMaker within 2 s, also beside 200 in haste", SERVICE, None,
          ("java", "javac", "psql", "python3"), quick=("--quick",), quick_control=("--control", "--quick")),
    Proof("database", "service/database.py",
          "PostgreSQL stopped for 2 min and killed -9, external and embedded, 20 jobs running: 503 within 3 s, readiness DOWN,"
          " recovery by itself, every bill right", SERVICE, None, ("java", "javac", "psql"), quick=("--quick",),
          quick_control=("--control", "--quick")),
    Proof("schemas", "service/schemas.py",
          "schemathesis with a member's and an admin's key, 10,000 cases each: no 5xx, nothing that the contract does not have",
          SERVICE + ("openapi",), "schemas", ("java", "javac", "psql"), quick=("--quick",),
          controls={"limit": ("--control",), "contract": ("--control=contract",)}, quick_control=("--control=contract",)),
    Proof("calls", "service/calls.py",
          "1,000 active and 100,000 finished jobs: calls within their rates; p99 from a job's end to its row ≤ 30 s", SERVICE,
          full=(), quick=("--active", "100", "--finished", "5000", "--foreign", "1000", "--queued", "20", "--more", "8",
                          "--changes", "30", "--seconds", "25"),
          controls={"unlimited": ("--control",), "deaf": ("--control=deaf",)}, quick_control=None),
    Proof("latency", "service/latency.py", "a POST that holds money, beside pgbench writing the same rows", SERVICE, None,
          ("java", "psql", "pgbench"), quick=("--seconds", "3", "--step", "2", "--warm", "3", "--labs", "10"),
          quick_control=None),
    Proof("accuracy", "service/accuracy.py", "what was charged, case by case, is billed × price to the micro-dollar", SERVICE, None,
          ("java", "psql"), controls={"host": ("--control",), "rounding": ("--control=rounding",)}, quick_control=None),
]
