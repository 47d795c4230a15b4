"""Several clients at once: connected, talking, and waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from tests.faults.clients import Client
from tests.faults.site import Site
from tests.faults.waiting import EVERY

WAITING_MAX = 20  # lines of one person


@asynccontextmanager
async def present(clients: Sequence[Client], within: float = 30.0) -> AsyncIterator[None]:
    """All of them connected; they stay, or come back, until the end of the block."""
    running = [asyncio.create_task(one.run()) for one in clients]
    try:
        await back(clients, within)
        yield
    finally:
        for one in running:
            one.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
    broken = [one for one in ended if not isinstance(one, asyncio.CancelledError)]
    assert not broken, f"a client stopped by itself: {broken[:3]}"


@asynccontextmanager
async def apart(site: Site, clients: Sequence[Client]) -> AsyncIterator[tuple[Sequence[Client], Sequence[Client]]]:
    """Half of them connected to the first web process, half to the second."""
    halves = clients[::2], clients[1::2]
    async with AsyncExitStack() as stack:
        for half, web in zip(halves, site.webs, strict=True):
            with site.only(web):
                await stack.enter_async_context(present(half))
        yield halves


async def back(clients: Iterable[Client], within: float) -> float:
    """Waits until all are subscribed; how many seconds that took. Raises TimeoutError."""
    began = time.monotonic()
    async with asyncio.timeout(within):
        await asyncio.gather(*(one.ready.wait() for one in clients))
    return time.monotonic() - began


async def talk(speakers: Sequence[tuple[Client, str]], per_second: float, stop: Callable[[], bool]) -> None:
    """The speakers say numbered lines in turn, each in its conversation, until `stop()`. `per_second`: all together.

    Who has many lines waiting already holds back.
    """
    began, number = time.monotonic(), 0
    while not stop():
        client, here = speakers[number % len(speakers)]
        if len(client.outbox) < WAITING_MAX:
            client.say(here, f"{number // len(speakers)}")
        number += 1
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))


async def acknowledged(clients: Sequence[Client], count: int = 1, since: float = 0.0) -> None:
    """Waits until so many of them had something acknowledged that was said after `since` (time.monotonic()): more is
    under way then."""
    while True:
        if sum(one.outbox.held_since > since for one in clients) >= count:
            return
        await asyncio.sleep(0)


async def resumed(clients: Sequence[Client], since: float, within: float) -> float:
    """Waits until something said after `since` (time.monotonic()) is acknowledged; the seconds from then to now.

    Raises TimeoutError.
    """
    async with asyncio.timeout_at(asyncio.get_running_loop().time() + within):
        while True:
            if any(one.outbox.held_since > since for one in clients):
                return time.monotonic() - since
            await asyncio.sleep(EVERY)


async def settled(clients: Sequence[Client], within: float) -> float:
    """Waits until everything said is held and everyone shows the same; how many seconds that took.

    Returns also when that does not happen in time: what is missing then is the checker's to say.
    """
    began = time.monotonic()
    while True:
        took = time.monotonic() - began
        if took > within or _agree(clients):
            return took
        await asyncio.sleep(EVERY)


def _agree(clients: Sequence[Client]) -> bool:
    if any(len(one.outbox) for one in clients):
        return False
    shown: dict[str, int] = {}
    return all(shown.setdefault(here, book.seq) == book.seq for one in clients for here, book in one.books.items())
