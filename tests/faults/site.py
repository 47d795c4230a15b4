"""A whole site of its own for tests that kill parts of it: databases, Redis and web processes, started as `up` does.

No supervisor watches over it: what was killed stays away until the test starts it again. Tests start processes from the
main thread, also in coroutines: the kernel ends a child with the thread that started it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from chatsite.embedded import process, site
from chatsite.embedded.environment import VARIABLES
from chatsite.embedded.mongod import Mongod
from chatsite.embedded.process import Child
from chatsite.embedded.stack import Stack
from tests.faults.needs import Needs, Prepared
from tests.faults.waiting import until

PREFIX = "chat-faults-"
ELECTION_AFTER = 2000  # milliseconds; MongoDB's own 10 s would make ten elections last minutes
COPYING_PATIENCE = 1  # seconds; with MongoDB's own 5 a member clings for 14 s to a primary that only stopped answering
CHECKPOINT_EVERY = 5
"""Seconds. MongoDB's own 60 leave a member that is killed early without a checkpoint of its own: its next rollback then
goes back to where it joined, and mongod 6.0.5 never finishes that."""
CLOSELY = timedelta(seconds=1)  # MongoDB tells the times of writes in whole seconds
PATIENCE = 30.0  # seconds
FOREIGN = ("DEBUG", "CHAT_URL", "ALLOWED_HOSTS", *VARIABLES)
"""Variables of the caller that the site must not see."""


@dataclass(frozen=True)
class Server:
    """One process of the site."""

    child: Child

    @property
    def pid(self) -> int:
        assert self.child.process is not None, f"{self.child.name} was not started"
        return self.child.process.pid

    @property
    def log(self) -> str:
        """What it has said since the site began."""
        return self.child.log.read_text(errors="replace")

    def kill(self) -> None:
        """Ends it and its descendants as a power cut would."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self.child.process is not None
        self.child.process.wait(PATIENCE)

    def tell(self, number: signal.Signals) -> None:
        """Sends a signal to the process itself, without waiting for what it does."""
        os.kill(self.pid, number)

    def pause(self) -> None:
        """Stops it and its descendants where they are; sockets stay open, nobody answers."""
        os.killpg(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self.pid, signal.SIGCONT)

    async def ended(self, within: float = PATIENCE) -> float:
        """Waits until it is gone; how many seconds that took. Raises TimeoutError."""
        return await until(lambda: not self.child.alive(), within)

    def start(self) -> None:
        """Starts it again, on the address and data it had. Does not wait until it answers."""
        self.child.spawn()


@dataclass(frozen=True)
class Site:
    """A running site. `webs` share one listening socket; `mongods` are one replica set."""

    stack: Stack
    variables: Mapping[str, str]
    listener: socket.socket
    postgres: Server
    mongods: Sequence[Server]
    redis: Server
    webs: Sequence[Server]

    @property
    def url(self) -> str:
        return site.address(self.listener)

    @property
    def socket_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/ws/"

    @cached_property
    def database(self) -> Database[Any]:
        """The chat's MongoDB as a client of its own sees it: what the majority holds."""
        client: MongoClient[Any] = MongoClient(self.variables["MONGODB_URL"], serverSelectionTimeoutMS=PATIENCE * 1000)
        return client.get_default_database(read_concern=ReadConcern("majority"))

    def people(
        self, count: int, groups: Sequence[Sequence[int]] = (), pairs: Sequence[tuple[int, int]] = ()
    ) -> Prepared:
        """New people, named by their number from 0, and the conversations between them."""
        needs = Needs(people=count, groups=[list(one) for one in groups], pairs=list(pairs))
        answer = self.run_python("-m", "tests.faults.people", stdin=msgspec.json.encode(needs))
        return msgspec.json.decode(answer, type=Prepared)

    def primary(self, within: float = PATIENCE) -> Server:
        """The member of the replica set that takes writes now. Waits for an election; raises TimeoutError."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for server, host in zip(self.mongods, self._hosts, strict=True):
                if server.child.alive() and _hello(host).get("isWritablePrimary"):
                    return server
            time.sleep(0.05)
        raise TimeoutError("there is no primary")

    def is_whole(self) -> bool:
        """Whether every member of the replica set is primary or follows it closely. One that was just started calls
        itself a secondary before it has chosen from whom to copy."""
        states = [_hello(one) for one in self._hosts]
        if not all(one.get("isWritablePrimary") or one.get("secondary") for one in states):
            return False
        written = [one["lastWrite"]["lastWriteDate"] for one in states]
        return bool(max(written) - min(written) <= CLOSELY)

    def answers(self) -> bool:
        """Whether a web process says that both databases answer."""
        return site.ready(self.listener)

    async def answering(self, within: float = PATIENCE) -> float:
        """Waits until the site says that it is ready; how many seconds that took. Raises TimeoutError."""
        return await until(self.answers, within)

    @contextmanager
    def only(self, web: Server) -> Iterator[None]:
        """Within, the other web processes stand still: whoever connects gets to this one."""
        others = [one for one in self.webs if one is not web]
        for one in others:
            one.pause()
        try:
            yield
        finally:
            for one in others:
                one.resume()

    def run_python(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Runs Python in this project with the site's variables; returns what it printed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, input=stdin, capture_output=True, env=dict(self.variables), cwd=site.BASE_DIR, check=False
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout

    @property
    def _hosts(self) -> list[str]:
        return [one.host for one in self.stack.services if isinstance(one, Mongod)]


@contextmanager
def running(*, processes: int = 1, members: int = 1, server: str = "daphne", **variables: str) -> Iterator[Site]:
    """A site with so many web processes and members of the replica set; `variables` go to the web processes.

    From the main thread. Everything is ended and removed afterwards.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # the servers run as nobody when we are root
    (folder / "static").mkdir()  # WhiteNoise warns in every process that does not find it
    stack = Stack(folder, {}, durable=False, members=members)
    for one in stack.services:
        if isinstance(one, Mongod):
            one.election_after = ELECTION_AFTER
            one.options = ["--syncdelay", str(CHECKPOINT_EVERY)]
            one.options += ["--setParameter", f"oplogNetworkTimeoutBufferSeconds={COPYING_PATIENCE}"]
    try:
        stack.start()
        with _served(stack, server, processes, variables) as found:
            yield found
    finally:
        _wake(one.child for one in stack.services)
        stack.stop()
        shutil.rmtree(folder)


@contextmanager
def _served(stack: Stack, server: str, processes: int, variables: Mapping[str, str]) -> Iterator[Site]:
    listener = site.listen("127.0.0.1", 0)
    own = {"CHAT_PROCESSES": str(processes), "CHAT_DATA_DIR": str(stack.folders.data), "PYTHONUNBUFFERED": "1"}
    own["DJANGO_SETTINGS_MODULE"] = "chatsite.settings"
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    everything = {**kept, **stack.variables(), **own, "CHAT_RATE_LIMITS": "off", **variables}
    webs = site.web(stack.folders, everything, listener, server, processes)
    found = Site(stack, everything, listener, *_servers(stack), [Server(one) for one in webs])
    try:
        for one in webs:
            one.environment = everything
            one.spawn()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda name: found.run_python("manage.py", name), ("migrate", "syncmongo")))
        asyncio.run(found.answering())
        yield found
    finally:
        _wake(webs)
        process.end(webs)
        listener.close()
        if "database" in vars(found):
            found.database.client.close()


def _servers(stack: Stack) -> tuple[Server, list[Server], Server]:
    by_name = {one.name: Server(one.child) for one in stack.services}
    mongods = [Server(one.child) for one in stack.services if isinstance(one, Mongod)]
    return by_name["postgres"], mongods, by_name["redis"]


def _wake(children: Iterator[Child] | Sequence[Child]) -> None:
    """What a failed test left stopped could not end."""
    for one in children:
        if one.process is not None and one.alive():
            os.killpg(one.process.pid, signal.SIGCONT)


def _hello(host: str) -> dict[str, Any]:
    """What a member says of itself; nothing when it does not answer."""
    try:
        with MongoClient[Any](
            host, directConnection=True, serverSelectionTimeoutMS=2000, socketTimeoutMS=2000
        ) as client:
            return client.admin.command("hello")
    except PyMongoError:
        return {}
