"""Servers for the bench alone, in a folder that is gone afterwards; and runs on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec

from chatsite.embedded import process, site
from chatsite.embedded.errors import StackError
from chatsite.embedded.postgres import Postgres
from chatsite.embedded.process import Child
from chatsite.embedded.stack import Stack
from chatsite.management.bench import processes, subjects
from chatsite.management.bench.costs import Costs, Run
from chatsite.management.bench.job import Job, Mark, Needs, Outcome, Prepared, Seat
from chatsite.management.bench.scenarios import Scenario
from chatsite.management.bench.subjects import FLOOR, Subject, failure
from chatsite.types import ObjectId

PREFIX = "chat-bench-"
THEIRS = ("DEBUG", "CHAT_URL", "ALLOWED_HOSTS", "CHAT_REDIS_PREFIX", "REDIS_URL")
"""Variables of the caller that would change what is measured."""
STORES = ("mongod",)
"""Of the servers, those that a floor uses."""


@dataclass(frozen=True)
class Laboratory:
    """A running stack as `up` starts it, its tables and collections made, and on which cores what runs."""

    stack: Stack
    worker: Child
    variables: dict[str, str]
    log: Path
    """What the processes said."""
    server_core: int
    client_core: int
    stored: dict[bytes, Prepared] = field(default_factory=dict)
    """What was made for those that only read."""

    def measure(self, scenario: Scenario, subject: str, seconds: float, web_processes: int = 1) -> Run:
        """A scenario against the chat on daphne or uvicorn, or against its floor. Raises StackError."""
        prepared = self._prepared(scenario, subject)
        rooms = scenario.rooms(prepared.groups, prepared.pairs)
        cores = [self.server_core, self.client_core][:web_processes]
        with self._serving(scenario, subject, cores) as served, processes.moved(self._roots().values(), cores):
            seats = [
                Seat(_headers(served, session), here) for session, here in zip(prepared.sessions, rooms, strict=True)
            ]
            window = scenario.window(seconds)
            job = Job(type(scenario).__name__, asdict(scenario), "127.0.0.1", served.port, seats, window)
            run = self._run(served, job, cores)
        return msgspec.structs.replace(run, preparing=prepared.seconds)

    def run_python(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Runs Python in this project with the stack's variables; returns what it printed. Raises StackError."""
        command = [sys.executable, *arguments]
        with self.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603
                command,
                input=stdin,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self.variables,
                cwd=site.BASE_DIR,
                check=False,
            )
        if done.returncode != 0:
            raise failure(" ".join(arguments), self.log)
        return done.stdout

    def _prepared(self, scenario: Scenario, subject: str) -> Prepared:
        if scenario.reads_only:
            needs = msgspec.json.encode(scenario.needs())
            if needs not in self.stored:
                self.stored[needs] = self._prepare(scenario.needs())
            return self.stored[needs]
        return _imagined(scenario.needs()) if subject == FLOOR else self._prepare(scenario.needs())

    def _prepare(self, needs: Needs) -> Prepared:
        answer = self.run_python("-m", "chatsite.management.bench.people", stdin=msgspec.json.encode(needs))
        if needs.crowd:
            self.analyze()
        return msgspec.json.decode(answer, type=Prepared)

    def analyze(self) -> None:
        """What autovacuum would do in a minute."""
        self.postgres.tell("ANALYZE chat_app.users, chat_app.profiles, chat_app.relationships")

    @property
    def postgres(self) -> Postgres:
        return next(one for one in self.stack.services if isinstance(one, Postgres))

    def _serving(self, scenario: Scenario, subject: str, cores: list[int]) -> AbstractContextManager[Subject]:
        if subject != FLOOR:
            return subjects.chat(subject, self.variables, self.log, cores)
        assert scenario.floor is not None
        return subjects.floor(scenario.floor, self.variables, self.log, self.server_core)

    def _run(self, served: Subject, job: Job, cores: list[int]) -> Run:
        """Lets the clients work; reads the costs whenever they tell of a mark."""
        costs: dict[str, Costs] = {}
        with processes.pinned({self.client_core, *(cores if len(cores) > 1 else ())}):
            clients = self._spawn_clients()
        assert clients.stdin and clients.stdout
        with clients, clients.stdin, clients.stdout:
            clients.stdin.write(msgspec.json.encode(job))
            clients.stdin.close()
            line = b""
            for line in clients.stdout:
                if line.startswith(b'{"mark"'):
                    costs[msgspec.json.decode(line, type=Mark).mark] = self._costs(served, clients.pid, cores)
        if clients.returncode != 0:
            raise failure(f"The clients' process of {job.scenario}", self.log)
        outcome = msgspec.json.decode(line, type=Outcome)
        return Run(served.name, outcome, costs, cores=len(set(cores)), shared=self.client_core in cores)

    def _spawn_clients(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "chatsite.management.bench.drive"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self.variables,
                cwd=site.BASE_DIR,
            )

    def _costs(self, served: Subject, clients: int, cores: list[int]) -> Costs:
        roots = {kind: pid for kind, pid in self._roots().items() if served.name != FLOOR or kind in STORES}
        webs = [processes.cpu(pid) for pid in served.pids]
        return Costs(
            {"web": sum(webs), **{kind: processes.cpu(pid) for kind, pid in roots.items()}},
            {"web": sum(map(processes.pss, served.pids)), **{kind: processes.pss(pid) for kind, pid in roots.items()}},
            processes.busy(set(cores)),
            time.monotonic(),
            webs,
            processes.cpu(clients),
        )

    def _roots(self) -> dict[str, int]:
        """The processes beside the web, by kind."""
        children = [*(service.child for service in self.stack.services), self.worker]
        return {one.name: one.process.pid for one in children if one.process is not None}


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """Starts the servers and makes tables and collections; ends and removes all of it. Raises StackError."""
    server_core, client_core = processes.cores()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # the servers run as nobody when we are root
    (folder / "static").mkdir()  # WhiteNoise warns in every process that does not find it
    try:
        with processes.pinned({server_core}):
            stack = Stack(folder, {})
            stack.start()
        try:
            if stack.without_redis:
                raise StackError("The bench needs Redis, which this version of Python has no wheel of.")
            variables = _variables(stack, folder)
            worker = site.worker(stack.folders, variables)
            worker.environment = variables
            found = Laboratory(stack, worker, variables, folder / "bench.log", server_core, client_core)
            found.run_python("manage.py", "syncmongo")
            found.run_python("manage.py", "migrate", "--verbosity", "0")
            with _working(worker, server_core):
                yield found
        finally:
            stack.stop()
    finally:
        shutil.rmtree(folder)


def _variables(stack: Stack, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in THEIRS}
    own = {"CHAT_DATA_DIR": str(folder), "CHAT_RATE_LIMITS": "off", "CHAT_PROCESSES": "1"}
    return {**kept, **stack.variables(), **own, "DJANGO_SETTINGS_MODULE": "chatsite.settings"}


@contextmanager
def _working(worker: Child, core: int) -> Iterator[None]:
    with processes.pinned({core}):
        worker.spawn()
    try:
        yield
    finally:
        process.end([worker])


def _headers(served: Subject, session: str) -> dict[str, str]:
    """Signs in as a browser does: the session cookie, and the Origin that goes with it."""
    if served.name == FLOOR:
        return {}
    return {
        "Origin": f"http://127.0.0.1:{served.port}",
        "Cookie": f"session={session}",
        "Sec-WebSocket-Protocol": "chat.v1",
    }


def _imagined(needs: Needs) -> Prepared:
    """The same for the floor, where nothing needs to exist."""
    return Prepared(
        sessions=[""] * needs.people,
        groups=[str(ObjectId()) for _ in needs.groups],
        pairs=[str(ObjectId()) for _ in needs.pairs],
    )
