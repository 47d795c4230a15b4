"""Servers for the bench alone, in a folder that is gone afterwards; and runs on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from chatsite.embedded import site
from chatsite.embedded.stack import Stack
from chatsite.management.bench import processes
from chatsite.management.bench.costs import Costs, Run
from chatsite.management.bench.job import Job, Mark, Needs, Outcome, Prepared, Seat
from chatsite.management.bench.scenarios import SCENARIOS
from chatsite.management.bench.subjects import FLOOR, Subject, failure, serving
from chatsite.types import ObjectId

PREFIX = "chat-bench-"
THEIRS = ("DEBUG", "CHAT_URL", "ALLOWED_HOSTS", "CHAT_REDIS_PREFIX", "REDIS_URL")
"""Variables of the caller that would change what is measured."""


@dataclass(frozen=True)
class Laboratory:
    """A running stack as `up` starts it, its tables and collections made, and on which cores what runs."""

    stack: Stack
    variables: dict[str, str]
    log: Path
    """What the processes said."""
    server_core: set[int]
    client_core: set[int]

    def measure(self, name: str, subject: str, seconds: float) -> Run:
        """Scenario `name` against the chat on daphne or uvicorn, or against the floor. Raises StackError."""
        scenario = SCENARIOS[name]
        prepared = _imagined(scenario.needs()) if subject == FLOOR else self._prepare(scenario.needs())
        rooms = scenario.rooms(prepared.groups, prepared.pairs)
        with processes.pinned(self.server_core), serving(subject, self.variables, self.log) as served:
            seats = [
                Seat(_headers(served, session), here) for session, here in zip(prepared.sessions, rooms, strict=True)
            ]
            return self._run(served, Job(name, "127.0.0.1", served.port, seats, seconds))

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

    def _prepare(self, needs: Needs) -> Prepared:
        answer = self.run_python("-m", "chatsite.management.bench.people", stdin=msgspec.json.encode(needs))
        return msgspec.json.decode(answer, type=Prepared)

    def _run(self, served: Subject, job: Job) -> Run:
        """Lets the clients work; reads the costs whenever they tell of a mark."""
        costs: dict[str, Costs] = {}
        with processes.pinned(self.client_core), self.log.open("ab") as log:
            clients = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "chatsite.management.bench.drive"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self.variables,
                cwd=site.BASE_DIR,
            )
            assert clients.stdin and clients.stdout
            with clients, clients.stdin, clients.stdout:
                clients.stdin.write(msgspec.json.encode(job))
                clients.stdin.close()
                line = b""
                for line in clients.stdout:
                    if line.startswith(b'{"mark"'):
                        costs[msgspec.json.decode(line, type=Mark).mark] = self._costs(served)
        if clients.returncode != 0:
            raise failure(f"The clients' process of {job.scenario}", self.log)
        return Run(served.name, msgspec.json.decode(line, type=Outcome), costs)

    def _costs(self, served: Subject) -> Costs:
        roots = {"web": served.pid}
        for service in self.stack.services:
            if service.child.process is not None:
                roots[service.name] = service.child.process.pid
        return Costs(
            {kind: processes.cpu(pid) for kind, pid in roots.items()},
            {kind: processes.pss(pid) for kind, pid in roots.items()},
            processes.busy(min(self.server_core)),
        )


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """Starts the servers and makes tables and collections; ends and removes all of it. Raises StackError."""
    server_core, client_core = processes.cores()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # the servers run as nobody when we are root
    try:
        with processes.pinned(server_core):
            stack = Stack(folder, {})
            stack.start()
        try:
            kept = {name: value for name, value in os.environ.items() if name not in THEIRS}
            own = {"CHAT_DATA_DIR": str(folder), "CHAT_RATE_LIMITS": "off", "CHAT_PROCESSES": "1"}
            own["DJANGO_SETTINGS_MODULE"] = "chatsite.settings"
            found = Laboratory(
                stack, {**kept, **stack.variables(), **own}, folder / "bench.log", server_core, client_core
            )
            found.run_python("manage.py", "migrate", "--verbosity", "0")
            found.run_python("manage.py", "syncmongo")
            yield found
        finally:
            stack.stop()
    finally:
        shutil.rmtree(folder)


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
