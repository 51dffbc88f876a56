"""Several service processes on one PostgreSQL, which belongs to none of them, against the stand-in of endpoint.py. Only S3
is the engine's, in a process of its own."""

import os
import pathlib
import shutil
import signal
import subprocess
import tarfile
import threading
import time
import zipfile

from common import Engine, Service, clean_environment, free_port, need, until

MEMORY = ["-Xmx256m", "-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"]


class PostgreSQL:
    """The server that the jar brings, with a data folder of its own, run apart from every service."""

    SETTINGS = """
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 120
        shared_buffers = '96MB'
        io_method = sync
        jit = off
        max_worker_processes = 2
        track_commit_timestamp = on
        lc_messages = 'C'
        timezone = 'UTC'
        log_line_prefix = '%m [%p] %q%u '
    """

    def __init__(self, programs, work):
        need("psql", *(["unshare"] if os.getuid() == 0 else []))
        self.folder = pathlib.Path(work) / "postgresql"
        self.data, self.log, self.port = self.folder / "data", self.folder / "log", free_port()
        self.password = "postgres-of-a-proof"
        jar = next((programs.folder / "lib").glob("embedded-postgres-binaries-linux-*.jar"))
        with zipfile.ZipFile(jar) as archive:
            name = next(entry for entry in archive.namelist() if entry.endswith(".txz"))
            with archive.open(name) as stream, tarfile.open(fileobj=stream, mode="r:xz") as unpacked:
                unpacked.extractall(self.folder / "programs")
        (self.folder / "password").write_text(self.password)
        self.program("initdb", "--pgdata", self.data, "--username", "postgres", "--pwfile", self.folder / "password",
                     "--auth-host=scram-sha-256", "--auth-local=reject", "--encoding=UTF8", "--locale=C",
                     "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(line.strip() for line in f"{self.SETTINGS}\nport = {self.port}\n".splitlines()) + "\n")

    def program(self, name, *arguments):
        """PostgreSQL refuses root, but not root in a user namespace without a mapping."""
        command = ["unshare", "-U"] if os.getuid() == 0 else []
        environment = {name: value for name, value in clean_environment().items() if not name.startswith("PG")}
        with open(self.folder / "programs.log", "ab") as log:
            subprocess.run([*command, str(self.folder / "programs/bin" / name), *map(str, arguments)], check=True, stdout=log,
                           stderr=log, stdin=subprocess.DEVNULL, env={**environment, "LC_ALL": "C"}, timeout=120)

    def start(self):
        self.program("pg_ctl", "start", "-w", "-t", "60", "-s", "-D", self.data, "-l", self.log)
        self.sql("create role bursar_owner login password 'owner'", "postgres")
        self.sql("create role bursar login password 'runtime'", "postgres")
        self.sql("create database bursar owner bursar_owner", "postgres")
        return self

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self.program("pg_ctl", "stop", "-w", "-t", "30", "-s", "-m", "immediate", "-D", self.data)

    def environment(self, database="bursar"):
        return {**clean_environment(), "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres",
                "PGDATABASE": database, "PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "10"}

    def sql(self, statement, database="bursar"):
        done = subprocess.run(["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement],
                              env=self.environment(database), capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"psql: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def settings(self, name):
        return [f"--spring.datasource.url=jdbc:postgresql://127.0.0.1:{self.port}/bursar?ApplicationName={name}",
                "--spring.datasource.username=bursar", "--spring.datasource.password=runtime",
                "--spring.flyway.user=bursar_owner", "--spring.flyway.password=owner"]

    def deadlocks(self):
        return int(self.sql("select deadlocks from pg_stat_database where datname = 'bursar'")[0][0])


class Line:
    """A psql that stays, for whoever asks often."""

    END = "-- that is all --"

    def __init__(self, server):
        self.psql = subprocess.Popen(["psql", "-XAtq", "-F", "\t"], env=server.environment(), stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.lock = threading.Lock()

    def sql(self, statement):
        with self.lock:
            self.psql.stdin.write(f"{statement};\n\\echo {self.END}\n")
            self.psql.stdin.flush()
            found = []
            while (line := self.psql.stdout.readline().rstrip("\n")) != self.END:
                if not line and self.psql.poll() is not None:
                    raise AssertionError("psql has ended")
                found.append(line.split("\t"))
            return found

    def close(self):
        self.psql.stdin.close()
        self.psql.wait(10)


class Replica(Service):
    """One process of the fleet."""

    def __init__(self, fleet, number):
        super().__init__(fleet.programs, fleet.work / f"replica-{number}")
        self.home.parent.mkdir()
        self.fleet, self.number, self.name = fleet, number, f"replica-{number}"
        self.url = fleet.endpoint.door(self.name)
        self.ready = threading.Event()

    def launch(self, *more, options=()):
        """Starts the process and does not wait for it."""
        access, secret = self.fleet.s3.keys
        settings = [f"--server.port={self.port}", f"--bursar.home={self.home}", *self.fleet.database.settings(self.name),
                    f"--bursar.engine.url={self.url}", f"--bursar.engine.s3-url=http://127.0.0.1:{self.fleet.s3.s3_port}",
                    f"--bursar.engine.access-key-id={access}", f"--bursar.engine.secret-access-key={secret}",
                    *self.fleet.settings, *more]
        last = {setting.partition("=")[0]: setting for setting in settings}
        self.process = self.programs.run(last.values(), self.log, [*MEMORY, *options, *self.fleet.shared_classes()])

    def start(self, *more, options=()):
        begun = time.monotonic()
        self.launch(*more, options=options)
        until(f"the health of {self.name}", self.healthy, 180, 0.1)
        self.admin = self.fleet.admin_key(self)
        self.ready.set()
        return time.monotonic() - begun

    def end_postgres(self):
        """It has none of its own."""

    def psql_environment(self):
        return self.fleet.database.environment()

    def kill9(self):
        self.ready.clear()
        super().kill9()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)


class Fleet:
    """PostgreSQL, S3 and so many replicas, with the same settings; each replica has its own door to the endpoint."""

    def __init__(self, programs, work, endpoint, replicas=3, settings=()):
        self.programs, self.work, self.endpoint = programs, pathlib.Path(work), endpoint
        self.settings = list(settings)
        self.admin = None
        self.classes = self.work / "classes.jsa"
        self.database = PostgreSQL(programs, work)
        self.s3 = Engine(programs, self.work, hosts=1, options=["-Xmx128m"])
        self.replicas = [Replica(self, number) for number in range(1, replicas + 1)]

    def shared_classes(self):
        return [f"-XX:SharedArchiveFile={self.classes}"] if self.classes.exists() else []

    def start(self):
        """The first replica migrates, writes its classes down as it ends, and starts again with the others."""
        self.s3.start()
        self.database.start()
        first = self.replicas[0]
        plain = first.start("--bursar.workload.dispatch=false", options=[f"-XX:ArchiveClassesAtExit={self.classes}"])
        first.stop()
        print(f"  start of a service: {plain:.1f} s, {self.launch_all():.1f} s for {len(self.replicas)} at once"
              f" with shared classes", flush=True)
        return self

    def launch_all(self, *more):
        begun = time.monotonic()
        starts = [threading.Thread(target=replica.start, args=more) for replica in self.replicas]
        for start in starts:
            start.start()
        for start in starts:
            start.join()
        if not all(replica.ready.is_set() for replica in self.replicas):
            raise RuntimeError(f"a replica did not start: see {self.work}")
        return time.monotonic() - begun

    def restart(self, *more):
        for replica in self.replicas:
            replica.stop()
        return self.launch_all(*more)

    def admin_key(self, replica):
        if self.admin is None:
            self.admin = (replica.home / "admin.key").read_text().strip()
        return self.admin

    def data(self):
        """A lab with its budgets still to come, and one small file: a request costs as little as it can."""
        first = self.replicas[0]
        first.ask("POST", "/api/v1/labs", {"id": "proof", "name": "proof"})
        first.ask("POST", "/api/v1/labs/proof/members", {"id": "ada", "name": "Ada", "role": "MEMBER"})
        key = first.ask("POST", "/api/v1/api-keys", {"lab": "proof", "member": "ada", "label": "proof"})["secret"]
        first.ask("POST", "/api/v1/datasets", {"name": "numbers"}, key)
        first.ask("PUT", "/api/v1/datasets/numbers/files/train.libsvm", "1 1:0.5\n0 1:0.1\n", key,
                  {"Content-Type": "text/plain"})
        return key

    def budget(self, amount):
        return self.replicas[0].ask("POST", "/api/v1/budgets", {"lab": "proof", "name": "proof", "amount": float(amount)})["id"]

    def logs(self, words):
        """How often the services' logs say so."""
        return sum(replica.log.read_text(errors="replace").count(words) for replica in self.replicas if replica.log.exists())

    def stop(self):
        for replica in self.replicas:
            if replica.process is not None:
                replica.process.kill()
                replica.process.wait()
                replica.process = None
        self.s3.stop()
        self.database.stop()


def cheap_job(name, instance_type="ml.m5.large", seconds=600, instances=1):
    """Nothing but one HEAD in S3 has to be asked before it is accepted."""
    return {"kind": "training", "name": name, "algorithm": {"builtIn": "xgboost", "version": "1.7-1"},
            "hyperparameters": {"objective": "binary:logistic", "num_round": 5},
            "inputs": {"train": {"dataset": "numbers", "path": "train.libsvm", "contentType": "text/libsvm"}},
            "compute": {"instanceType": instance_type, "instanceCount": instances, "volumeSizeGb": 10},
            "maxRuntime": f"PT{seconds}S"}


def remove(work):
    shutil.rmtree(work, ignore_errors=True)
