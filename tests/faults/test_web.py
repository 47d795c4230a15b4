"""The web process dies (F8) or is asked to leave (F9): everyone comes back, nothing is missing, nothing comes twice."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator

import pytest

from tests.faults.checker import acked, check
from tests.faults.clients import Client
from tests.faults.company import acknowledged, back, present, settled
from tests.faults.site import Site, running

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
SOCKETS, ROOM = 1000, 50
PAUSE = 0.5  # seconds until the supervisor starts what ended
CONNECTED_WITHIN = 120.0  # seconds, before anything happens
BACK_WITHIN = 30.0  # seconds (SECURITY.md 7, F8)
STOPPED_WITHIN = 10.0  # seconds (F9)
CARRIED_OUT = 0.2  # seconds in which what was on its way has come
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


async def _killed_before_it_answers(site: Site, clients: list[Client], speakers: list[Client]) -> int:
    """Kills the web process between write and answer; how many messages are stored and not acknowledged.

    Stopped anywhere, it has nearly always a write under way: MongoDB carries that out, and nobody hears of it. Where it
    had none, it goes on for a while.
    """
    (web,) = site.webs
    while True:
        web.pause()
        unanswered = await _stored_unheard(site, clients)
        if unanswered:
            web.kill()
            return unanswered
        web.resume()
        _say(speakers, "and more")
        await acknowledged(clients, since=time.monotonic())


async def _stored_unheard(site: Site, clients: list[Client]) -> int:
    """How many messages are stored that their senders do not know of, once all that was answered was heard."""
    open_before, still_open = -1, _open(clients)
    while len(still_open) != open_before:
        await asyncio.sleep(CARRIED_OUT)
        open_before, still_open = len(still_open), _open(clients)
    stored = site.database["messages"].count_documents
    return await asyncio.to_thread(stored, {"client_id": {"$in": still_open}})


def _open(clients: list[Client]) -> list[str]:
    return [said.client_id for one in clients for said in one.outbox.open()]


async def test_a_thousand_sockets_come_back_after_the_web_process_was_killed(site: Site) -> None:
    """It is killed while two hundred of them are sending: what was stored and not acknowledged is sent once more.

    Without the unique index on conversation, sender and client_id (messaging/schema.py): stored twice.
    """
    clients = _clients(site, SOCKETS)
    speakers = clients[::5]
    async with present(clients, within=CONNECTED_WITHIN):
        _say(speakers, "one", "two")
        await acknowledged(clients, SOCKETS // 20)
        unanswered = await _killed_before_it_answers(site, clients, speakers)
        await asyncio.sleep(PAUSE)
        site.webs[0].start()
        _say(speakers, "last")
        took = PAUSE + await back(clients, BACK_WITHIN)
        await settled(clients, 30)
    assert all(one.opened >= 2 for one in clients), "not everyone was cut off"
    said = [said for one in clients for said in one.outbox.said.values()]
    assert check(site.database, clients) == len(said)
    print(f"all {SOCKETS} back after {took:.1f} s; {unanswered} stored messages had no answer,", end=" ")
    print(f"{sum(one.tries > 1 for one in said)} sends were repeated")


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
