"""The web process dies (F8) or is asked to leave (F9): everyone comes back, nothing is missing, nothing comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.faults.checker import check
from tests.faults.clients import Client, back, present, settled, talk
from tests.faults.site import Site, running

pytestmark = pytest.mark.asyncio
SOCKETS, ROOM = 1000, 50
BACK_WITHIN = 30.0  # seconds (SECURITY.md 7, F8)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running() as found:
        yield found


async def test_a_thousand_sockets_come_back_after_the_web_process_was_killed(site: Site) -> None:
    """Twenty rooms of fifty, one speaker in each; the process is killed in the middle of a sentence."""
    made = site.people(SOCKETS, [range(start, start + ROOM) for start in range(0, SOCKETS, ROOM)])
    clients = [Client(site, one, [made.groups[n // ROOM]]) for n, one in enumerate(made.people)]
    speakers = [(one, next(iter(one.books))) for one in clients[::ROOM]]
    async with present(clients, within=60):
        over = asyncio.Event()
        talking = asyncio.create_task(talk(speakers, 20, over.is_set))
        await asyncio.sleep(3)
        (web,) = site.webs
        web.kill()
        await asyncio.sleep(0.5)  # the supervisor's first pause
        web.start()
        await asyncio.sleep(0.5)
        took = await back(clients, BACK_WITHIN)
        await asyncio.sleep(1)
        over.set()
        await talking
        await settled(clients, 30)
    assert all(one.opened >= 2 for one in clients), "not everyone was cut off"
    print(f"all {SOCKETS} back after {took + 1:.1f} s")
    assert check(site.database, clients) > 0
