"""The web process dies (F8) or is asked to leave (F9): everyone comes back, nothing is missing, nothing comes twice."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from tests.faults.checker import acked, check
from tests.faults.clients import Client, acknowledged, back, present, settled
from tests.faults.site import Site, running

pytestmark = pytest.mark.asyncio
SOCKETS, ROOM = 1000, 50
PAUSE = 0.5  # seconds until the supervisor starts what ended
CONNECTED_WITHIN = 120.0  # seconds, before anything happens
BACK_WITHIN = 30.0  # seconds (SECURITY.md 7, F8)
STOPPED_WITHIN = 10.0  # seconds (F9)
RESTART = 1012


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running() as found:
        yield found


def _clients(site: Site, count: int) -> list[Client]:
    """Rooms of fifty."""
    made = site.people(count, [range(start, start + ROOM) for start in range(0, count, ROOM)])
    return [Client(site, one, [made.groups[n // ROOM]]) for n, one in enumerate(made.people)]


def _say(clients: list[Client], *lines: str) -> None:
    for one in clients:
        for line in lines:
            one.say(next(iter(one.books)), line)


async def test_a_thousand_sockets_come_back_after_the_web_process_was_killed(site: Site) -> None:
    """It is killed while two hundred of them are sending."""
    clients = _clients(site, SOCKETS)
    (web,) = site.webs
    async with present(clients, within=CONNECTED_WITHIN):
        _say(clients[::5], "one", "two")
        await acknowledged(clients, SOCKETS // 20)
        web.kill()
        await asyncio.sleep(PAUSE)
        web.start()
        _say(clients[::5], "three")
        took = PAUSE + await back(clients, BACK_WITHIN)
        await settled(clients, 30)
    assert all(one.opened >= 2 for one in clients), "not everyone was cut off"
    repeated = sum(said.tries > 1 for one in clients for said in one.outbox.said.values())
    assert check(site.database, clients) == SOCKETS // 5 * 3
    print(f"all {SOCKETS} back after {took:.1f} s; {repeated} sends were repeated")


async def test_a_deployment_answers_what_is_under_way_and_says_when_to_come_back(site: Site) -> None:
    """In the middle of a thousand sends.

    Seen to fail without `farewell.expect`: every socket ends with 1006.
    """
    clients = _clients(site, 2 * ROOM)
    (web,) = site.webs
    async with present(clients):
        _say(clients, *(f"{number}" for number in range(10)))
        await acknowledged(clients)
        web.tell(signal.SIGTERM)
        took = await web.ended(STOPPED_WITHIN)
        answered = acked(clients)
        web.start()
        await back(clients, CONNECTED_WITHIN)
        await settled(clients, 30)
    assert {one.codes[0] for one in clients} == {RESTART}
    assert [one.byes for one in clients] == [1] * len(clients)
    assert check(site.database, clients) == len(clients) * 10
    print(f"left after {took:.1f} s, {answered} answered until then")
