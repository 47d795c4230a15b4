"""A bad network between clients and site (F17): nothing is missing, whatever it does to the bytes.

Seen to fail with clients that do not ask for what they missed (tests/faults/clients.py): `hello` without cursors, and
no `sync` for a hole or for a head in `pong`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.faults.checker import check
from tests.faults.clients import Client
from tests.faults.company import back, present, settled, talk
from tests.faults.proxy import Proxy, Weather, proxy
from tests.faults.site import Site, running

pytestmark = pytest.mark.asyncio
PEOPLE, ROOM = 20, 5
PER_SECOND = 20.0
TALKING = 10.0  # seconds of bad weather
PING_EVERY = 2.0  # seconds: a dead line is found out after two of them and a bit
CALM_AGAIN = 60.0  # seconds until everyone has everything


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running() as found:
        yield found


@dataclasses.dataclass(frozen=True)
class Far(Site):
    """The site as seen through the proxy."""

    proxy: Proxy | None = None

    @property
    def url(self) -> str:
        assert self.proxy is not None
        return self.proxy.url

    @property
    def socket_url(self) -> str:
        assert self.proxy is not None
        return self.proxy.socket_url


def far(site: Site, through: Proxy) -> Far:
    return Far(**{one.name: getattr(site, one.name) for one in dataclasses.fields(Site)}, proxy=through)


async def test_nothing_is_missing_after_bad_weather(site: Site) -> None:
    """Far away, one connection after the other breaks in the middle of a frame or goes dead."""
    async with proxy("127.0.0.1", urlsplit(site.url).port or 0) as line:
        clients, speakers = people(site, line)
        async with present(clients):
            line.weather = Weather(delay=0.3, cut=0.01, stall=0.003, chance=random.Random(1))
            await speak(speakers, TALKING)
            line.weather = Weather()
            took = await settled(clients, CALM_AGAIN)
    print(f"{line.cuts} cuts; everyone had everything after {took:.1f} s")
    assert line.cuts > 0
    assert check(site.database, clients) > 0


async def test_half_open_connections_are_noticed_and_nothing_is_missing(site: Site) -> None:
    """The network forgets every connection, and tells nobody."""
    async with proxy("127.0.0.1", urlsplit(site.url).port or 0) as line:
        clients, speakers = people(site, line)
        async with present(clients):
            await speak(speakers, 2)
            line.half_open()
            for one in clients:
                one.ready.clear()
            talking = asyncio.create_task(speak(speakers, TALKING))
            took = await back(clients, 2 * PING_EVERY + 10 + 15)
            await talking
            await settled(clients, CALM_AGAIN)
    print(f"all back {took:.1f} s after the lines went dead")
    assert all(one.opened >= 2 for one in clients)
    assert check(site.database, clients) > 0


def people(site: Site, line: Proxy) -> tuple[list[Client], list[tuple[Client, str]]]:
    """Rooms of five behind the proxy; two in each speak."""
    made = site.people(PEOPLE, [range(start, start + ROOM) for start in range(0, PEOPLE, ROOM)])
    there = far(site, line)
    clients = [
        Client(there, one, [made.groups[number // ROOM]], ping_every=PING_EVERY)
        for number, one in enumerate(made.people)
    ]
    return clients, [(one, *one.books) for number, one in enumerate(clients) if number % ROOM < 2]


async def speak(speakers: list[tuple[Client, str]], seconds: float) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    await talk(speakers, PER_SECOND, over.is_set)
