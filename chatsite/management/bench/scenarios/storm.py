from __future__ import annotations

import asyncio
import random
import time

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.frames import ProtocolError
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.member import Member
from chatsite.management.bench.scenarios.scenario import Scenario

SOCKETS = 2000
ROOM = 100  # people
MISSED = 20  # messages in each room meanwhile
AWAY = 2.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries, PROTOCOL.md "Liveness"


class Storm(Scenario):
    """Everyone's network goes and comes back. One in each room stayed, and spoke."""

    title = f"{SOCKETS:,} sockets cut at once, back at once, with {MISSED} messages to catch up on"
    has_floor = False

    def needs(self) -> Needs:
        return Needs(people=SOCKETS, groups=[list(range(start, start + ROOM)) for start in range(0, SOCKETS, ROOM)])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[groups[number // ROOM]] for number in range(SOCKETS)]

    async def drive(self, clients: Clients) -> Outcome:
        speakers = clients.members[::ROOM]
        away = [one for one in clients.members if one not in speakers]
        await clients.join(clients.members)
        await _speak(speakers, 1)
        heads = {one.seat.conversations[0]: 1 + MISSED for one in speakers}
        await clients.settle(lambda: _all_at(clients, 1))
        await clients.leave(away)
        await _speak(speakers, MISSED)
        await asyncio.sleep(AWAY)
        clients.mark("steady")
        start = time.monotonic()
        await asyncio.gather(*(_come_back(clients, one) for one in away))
        back = time.monotonic() - start
        await clients.settle(lambda: _all_at(clients, 1 + MISSED))
        caught_up = time.monotonic() - start
        clients.mark("over")
        return clients.outcome(heads, messages=0, times={"back": back, "caught up": caught_up})

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            Figure("all subscribed again", "s", seen.times["back"]),
            Figure("all caught up", "s", seen.times["caught up"], must=30),
            Figure("lost", "", seen.lost, must=0),
            Figure("doubled", "", seen.doubled, must=0),
            Figure("CPU per return", "ms", sum(run.cpu().values()) * 1000 / SOCKETS),
            *(Figure(f"    {kind}", "ms", spent * 1000 / SOCKETS) for kind, spent in run.cpu().items()),
        ]


async def _speak(speakers: list[Member], times: int) -> None:
    for _ in range(times):
        for one in speakers:
            one.say(one.seat.conversations[0])
        await asyncio.sleep(0.05)


async def _come_back(clients: Clients, member: Member) -> None:
    """Tries until it is subscribed, with the back-off of a real client."""
    pause = FIRST_PAUSE
    while True:
        try:
            await member.join(clients.job)
            return
        except (OSError, ProtocolError):
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)


def _all_at(clients: Clients, seq: int) -> bool:
    return all(one.ledgers[one.seat.conversations[0]].seq == seq for one in clients.members)
