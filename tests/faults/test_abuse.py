"""Clients that do not read, do not acknowledge (F10) or send without end (F11), beside others who talk on.

Seen to fail without what they test: F10 with EVENTS_MAX and BYTES_MAX (chatsite/realtime/window.py) and BACKLOG_EVENTS
and BACKLOG_BYTES (outflow.py) made a thousand times as large; F11 without the call of `_within_rate` (socket.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest

from chatsite.management.bench import frames
from tests.faults.clients import Client
from tests.faults.company import present, talk
from tests.faults.figures import MEGABYTE, p99, unaffected, watched
from tests.faults.needs import Prepared
from tests.faults.rude import Rude, connect
from tests.faults.site import Site, running
from tests.faults.waiting import until

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
LAGGING, TOO_FAST = 4409, 4429
OTHERS = 4  # people, in two pairs
TALKING = 20.0  # messages a second of all of them
USUAL = 6.0  # seconds to find out what is usual

SLOW, SPEAKERS = 50, 10
OFFERED = 5 * MEGABYTE  # to each of the slow: 256 MB to all of them
CONTENT = "x" * 10_000
PACE = 0.11  # seconds between two messages of one speaker: as fast as a person may
OFFERING = OFFERED / (len(CONTENT) * SPEAKERS / PACE)  # seconds
LAGGING_WITHIN = 30.0  # seconds
SLOW_GROWTH = 64 * MEGABYTE

FLOOD = frames.frame(b'{"type":"ping"}' + b" " * 65_000)
FLOODED_WITHIN = 2.0  # seconds
FLOOD_GROWTH = 32 * MEGABYTE


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """With its limits in force."""
    with running(CHAT_RATE_LIMITS="on") as found:
        yield found


@asynccontextmanager
async def others(site: Site, made: Prepared) -> AsyncIterator[Sequence[Client]]:
    """The first four talk in pairs all the while."""
    clients = [Client(site, one, [made.pairs[number // 2]]) for number, one in enumerate(made.people[:OTHERS])]
    over = asyncio.Event()
    async with present(clients):
        talking = asyncio.create_task(talk([(one, *one.books) for one in clients], TALKING, over.is_set))
        try:
            yield clients
        finally:
            over.set()
            await talking


async def speak(speaker: Rude, here: str, over: asyncio.Event) -> None:
    """As fast as one person may, until `over` is set."""
    while not over.is_set():
        await speaker.say("message.send", client_id=str(uuid4()), conversation_id=here, content=CONTENT)
        await asyncio.sleep(PACE)


async def usually(clients: Sequence[Client]) -> float:
    """Their p99 during USUAL from now on."""
    began = time.monotonic()
    await asyncio.sleep(USUAL + 1)
    return p99(clients, began, began + USUAL)


async def gone(connections: Sequence[Rude], within: float) -> float:
    """Waits until the server has ended all of them; how many seconds that took. Raises TimeoutError."""
    return await until(lambda: not any(one.established for one in connections), within)


async def test_who_does_not_keep_up_is_bounded_and_closed(site: Site) -> None:
    """Speakers fill a room. What is usual is measured while they do; then the slow come: half of them never read, half
    read and never acknowledge.
    """
    first_slow = OTHERS + SPEAKERS
    made = site.people(first_slow + SLOW, [range(OTHERS, first_slow + SLOW)], [(0, 1), (2, 3)])
    over = asyncio.Event()
    async with others(site, made) as clients:
        speakers = [await connect(site, one, buffer=MEGABYTE) for one in made.people[OTHERS:first_slow]]
        chores = [asyncio.create_task(speak(one, made.groups[0], over)) for one in speakers]
        chores += [asyncio.create_task(one.read()) for one in speakers]
        usual = await usually(clients)
        async with watched(site.webs[0].pid) as growth:
            silent = [await connect(site, one) for one in made.people[first_slow::2]]
            reading = [await connect(site, one) for one in made.people[first_slow + 1 :: 2]]
            came = time.monotonic()
            codes = [asyncio.create_task(one.read()) for one in reading]
            await asyncio.sleep(OFFERING)
            over.set()
            took = OFFERING + await gone(silent, LAGGING_WITHIN - OFFERING)
            said = await asyncio.wait_for(asyncio.gather(*codes), 5)
        seen = p99(clients, came, came + took)
    await asyncio.gather(*chores)
    for one in (*silent, *reading, *speakers):
        one.cut()
    print(f"closed {took:.1f} s after they came; {growth.most / MEGABYTE:.0f} MB more at most")
    assert said == [LAGGING] * len(reading)
    assert growth.most <= SLOW_GROWTH
    unaffected(usual, seen)


async def flood(rude: Rude) -> None:
    with suppress(ConnectionError):
        while True:
            await rude.send(FLOOD)


async def test_who_sends_without_end_is_closed(site: Site) -> None:
    """Frames of 64 KiB, as fast as the network takes them."""
    made = site.people(OTHERS + 1, pairs=[(0, 1), (2, 3)])
    async with others(site, made) as clients, watched(site.webs[0].pid) as growth:
        usual = await usually(clients)
        rude = await connect(site, made.people[OTHERS], buffer=MEGABYTE)
        began = time.monotonic()
        flooding = asyncio.create_task(flood(rude))
        code = await asyncio.wait_for(rude.read(), 10)
        took = time.monotonic() - began
        await asyncio.sleep(5)
        seen = p99(clients, began, began + 5)
        flooding.cancel()
        rude.cut()
    print(f"closed after {took:.1f} s; {growth.most / MEGABYTE:.0f} MB more at most")
    assert code == TOO_FAST
    assert took < FLOODED_WITHIN
    assert growth.most <= FLOOD_GROWTH
    unaffected(usual, seen)
