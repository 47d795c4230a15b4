"""Two thousand sockets are cut at once and come back (F12), with and without jitter."""

from __future__ import annotations

import asyncio
import json
import random
import resource
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import psycopg
import pytest

from chatsite.management.bench.client import Socket, connect
from chatsite.management.bench.frames import ProtocolError
from tests.faults.needs import Person
from tests.faults.site import Site, running

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
PEOPLE, TABS = 200, 10
POOL_MAX = 10  # connections to PostgreSQL of one process (DATABASES in chatsite/settings.py)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries (PROTOCOL.md, "Liveness")
BACK_WITHIN = {True: 60.0, False: 120.0}  # seconds, with jitter and without (SECURITY.md 7, F12)
ANSWER_WITHIN = 60.0  # seconds
HELLO = json.dumps({"type": "hello", "cursors": {}}).encode()
READY = b'{"type":"ready"'


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with running() as found:
        yield found
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Tab:
    """One socket, and how it comes back."""

    def __init__(self, site: Site, person: Person) -> None:
        where = urlsplit(site.url)
        self._host, self._port = where.hostname or "", where.port or 0
        self._headers = {"Authorization": f"Bearer {person.token}"}
        self._ready = asyncio.Event()
        self._socket: Socket | None = None

    async def join(self) -> None:
        """Raises OSError, ProtocolError or TimeoutError."""
        self._ready.clear()
        async with asyncio.timeout(ANSWER_WITHIN):
            self._socket = await connect(self._host, self._port, self._headers, self._hear)
            self._socket.send(HELLO)
            await self._ready.wait()

    async def come_back(self, jitter: bool) -> None:
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(random.uniform(0, pause) if jitter else pause - FIRST_PAUSE)
            try:
                return await self.join()
            except (OSError, ProtocolError):
                self.cut()
                pause = min(LONGEST_PAUSE, pause * 2)

    def cut(self) -> None:
        if self._socket is not None:
            self._socket.cut()

    def _hear(self, payload: bytes) -> None:
        if payload.startswith(READY):
            self._ready.set()


@asynccontextmanager
async def probed(site: Site, person: Person) -> AsyncIterator[tuple[list[int], list[int]]]:
    """The status of a request, and the connections to PostgreSQL, five times a second until the end of the block."""
    statuses: list[int] = []
    connections: list[int] = []
    probing = asyncio.create_task(_probe(site, person, statuses, connections))
    try:
        yield statuses, connections
    finally:
        probing.cancel()
        ended = await asyncio.gather(probing, return_exceptions=True)
    assert isinstance(ended[0], asyncio.CancelledError), ended


async def _probe(site: Site, person: Person, statuses: list[int], connections: list[int]) -> None:
    count = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    headers = {"Authorization": f"Bearer {person.token}"}
    async with (
        httpx.AsyncClient(base_url=site.url, headers=headers, timeout=60) as http,
        await psycopg.AsyncConnection.connect(**postgres_of(site), autocommit=True) as postgres,
    ):
        while True:
            statuses.append((await http.get("/api/v1/me/")).status_code)
            (row,) = await (await postgres.execute(count)).fetchall()
            connections.append(row[0])
            await asyncio.sleep(0.2)


def postgres_of(site: Site) -> dict[str, Any]:
    """How to connect to the site's PostgreSQL: its URL has the socket's folder before the database's name."""
    at = urlsplit(site.variables["DATABASE_URL"])
    folder, _, name = at.path.rpartition("/")
    return {"host": folder[1:], "dbname": name, "user": at.username, "password": unquote(at.password or "")}


async def everyone(tabs: Sequence[Tab], jitter: bool, within: float) -> float:
    """All of them come back; how many seconds that took. Raises TimeoutError."""
    began = time.monotonic()
    async with asyncio.timeout(within):
        await asyncio.gather(*(one.come_back(jitter) for one in tabs))
    return time.monotonic() - began


async def test_everyone_comes_back_at_once(site: Site) -> None:
    """Without all of `Loader`'s asking together (chatsite/realtime/loader.py), the bound of ten threads (work.py) and
    PostgreSQL's pool: requests are answered 503. Without the bound alone, or the pool alone, it passes.
    """
    made = site.people(PEOPLE, [range(start, start + 20) for start in range(0, PEOPLE, 20)])
    tabs = [Tab(site, one) for one in made.people for _ in range(TABS)]
    await everyone(tabs, True, BACK_WITHIN[False])
    async with probed(site, made.people[0]) as (statuses, connections):
        for jitter, within in BACK_WITHIN.items():
            for one in tabs:
                one.cut()
            took = await everyone(tabs, jitter, within)
            print(f"{len(tabs)} back after {took:.1f} s {'with' if jitter else 'without'} jitter")
        await asyncio.sleep(1)
    for one in tabs:
        one.cut()
    print(f"{len(statuses)} requests, at most {max(connections)} connections to PostgreSQL")
    assert set(statuses) == {200}
    assert max(connections) <= POOL_MAX
