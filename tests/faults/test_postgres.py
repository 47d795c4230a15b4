"""PostgreSQL restarts in a hurry (F6) or stays away (F7): who is signed in chats on."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator

import pytest

from tests.faults.checker import check
from tests.faults.clients import Client
from tests.faults.company import present, settled, talk
from tests.faults.site import Site, running
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.asyncio
PEOPLE = 12
PER_SECOND = 50.0
CALM_AFTER = 15.0  # seconds (SECURITY.md 7, F6)
FAILED_MAX = 0.01  # of the requests (F6)
AWAY = 20.0  # seconds; F7 asks for 60, but a heartbeat is due every 5 here in place of every 25


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(processes=2) as found:
        yield found


def _company(site: Site) -> tuple[list[Client], Visitor]:
    """One room, and everyone talks to their neighbour as well; half of them in browsers. One more in the room only
    visits it over HTTP."""
    made = site.people(PEOPLE + 1, [range(PEOPLE + 1)], [(n, n + 1) for n in range(0, PEOPLE, 2)])
    *people, last = made.people
    clients = [
        Client(site, one, [made.groups[0], made.pairs[n // 2]], ping_every=5, browser=n % 4 < 2)
        for n, one in enumerate(people)
    ]
    return clients, Visitor(site, last, made.groups[0])


def _speakers(clients: list[Client]) -> list[tuple[Client, str]]:
    return [(one, here) for one in clients for here in one.books]


async def test_an_immediate_restart_fails_next_to_no_request(site: Site) -> None:
    """Seen to fail without CONN_HEALTH_CHECKS: pages answer 500 on connections that are dead."""
    clients, visitor = _company(site)
    over = asyncio.Event()
    async with present(clients):
        talking = asyncio.create_task(talk(_speakers(clients), PER_SECOND, over.is_set))
        asking = asyncio.create_task(visitor.stay(0.05))
        await asyncio.sleep(3)
        restarted = time.monotonic()
        site.postgres.tell(signal.SIGQUIT)  # "immediate": no checkpoint, no goodbye
        await site.postgres.ended()
        site.postgres.start()
        await asyncio.sleep(CALM_AFTER + 5)
        asking.cancel()
        over.set()
        await talking
        await settled(clients, 30)
    failed = [one for one in visitor.answers if one.status >= 300 or one.status == 0]
    print(f"{len(failed)} of {len(visitor.answers)} requests failed: {failed[:5]}")
    assert {one.status for one in failed} <= {503}
    assert not [one for one in failed if one.at > restarted + CALM_AFTER]
    assert len(failed) <= FAILED_MAX * len(visitor.answers)
    check(site.database, clients)


async def test_who_is_signed_in_chats_on_while_postgresql_is_away(site: Site) -> None:
    """In groups and in private; only logging in has to wait.

    Seen to fail without `chatsite.postgres.absence`: ten seconds later nothing that was said was acknowledged any more.
    """
    clients, visitor = _company(site)
    over = asyncio.Event()
    async with present(clients):
        talking = asyncio.create_task(talk(_speakers(clients), PER_SECOND, over.is_set))
        await asyncio.sleep(3)
        away = time.monotonic()
        site.postgres.tell(signal.SIGQUIT)
        await site.postgres.ended()
        log_ins = await asyncio.gather(*(visitor.log_in() for _ in range(5)))
        await asyncio.sleep(max(0.0, away + AWAY - time.monotonic()))
        late = [said for one in clients for said in one.outbox.said.values() if (said.sent_at or 0) > away + AWAY / 2]
        site.postgres.start()
        unheard = [said for said in late if said.acked_at is None]
        over.set()
        await talking
        await settled(clients, 30)
        await site.answering(within=10)
        assert (await visitor.log_in()).status == 401
    assert {(one.status, one.retry_after is not None) for one in log_ins} == {(503, True)}, log_ins
    print(f"{len(late)} said late, {len(unheard)} unanswered; log-ins {[round(one.seconds, 1) for one in log_ins]}")
    assert len(late) > PER_SECOND and len(unheard) < len(clients)
    assert not any(one.codes for one in clients), "sockets were closed"
    assert sum(len(one.pongs) for one in clients) >= len(clients) * 2, "heartbeats were not answered"
    check(site.database, clients)
