from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import ClassVar

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.frames import ProtocolError
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.member import Member
from chatsite.management.bench.scenarios.scenario import Scenario, cpu_lines, latencies, per_second, surroundings

ROOM = 100  # people
MISSED = 20  # messages in each room meanwhile
AWAY = 2.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries, PROTOCOL.md "Liveness"


@dataclass(frozen=True)
class Storm(Scenario):
    """Everyone's network goes and comes back. One in each room stayed, and spoke."""

    floor: ClassVar[str | None] = None
    sockets: int = 2000

    @property
    def title(self) -> str:
        return f"{self.sockets:,} sockets cut at once, back at once, with {MISSED} messages to catch up on"

    def needs(self) -> Needs:
        everyone = range(self.sockets)
        return Needs(people=self.sockets, groups=[[*everyone[start : start + ROOM]] for start in everyone[::ROOM]])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[groups[number // ROOM]] for number in range(self.sockets)]

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
        taken = await asyncio.gather(*(_come_back(clients, one) for one in away))
        back = time.monotonic() - start
        await clients.settle(lambda: _all_at(clients, 1 + MISSED))
        clients.lasted = time.monotonic() - start
        clients.mark("over")
        times = {"back": back, "caught up": clients.lasted}
        return clients.outcome(heads, messages=len(away), latencies=taken, times=times)

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            Figure("all subscribed again", "s", seen.times["back"]),
            Figure("all back and caught up", "s", seen.times["caught up"]),
            per_second("returns", seen.messages, run),
            Figure("lost", "", seen.lost),
            Figure("doubled", "", seen.doubled),
            *latencies(seen, "first try to subscribed"),
            *cpu_lines(run, "CPU per return", seen.messages),
            *surroundings(run),
        ]


async def _speak(speakers: list[Member], times: int) -> None:
    for _ in range(times):
        for one in speakers:
            one.say(one.seat.conversations[0])
        await asyncio.sleep(0.05)


async def _come_back(clients: Clients, member: Member) -> int:
    """Tries until it is subscribed, with the back-off of a real client; how long it took, in ns."""
    start, pause = time.monotonic_ns(), FIRST_PAUSE
    while True:
        try:
            await member.join(clients.job)
            return time.monotonic_ns() - start
        except (OSError, ProtocolError):
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)


def _all_at(clients: Clients, seq: int) -> bool:
    return all(one.ledgers[one.seat.conversations[0]].seq == seq for one in clients.members)
