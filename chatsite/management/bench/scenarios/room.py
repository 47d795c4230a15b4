from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.limits import PER_DELIVERIES
from chatsite.management.bench.member import ACKNOWLEDGE_EVERY
from chatsite.management.bench.scenarios.scenario import (
    WARM_UP,
    Scenario,
    cpu_lines,
    faults,
    latencies,
    per_second,
    surroundings,
)

SENDERS = 5


@dataclass(frozen=True)
class Room(Scenario):
    """One conversation: a few send at a steady rate, all listen."""

    members: int = 100
    rate: int = 100
    """messages per second in all"""
    receipts: bool = False
    """Whether the members acknowledge what they got."""
    held: float = 0.0
    """seconds that are counted at least"""

    @property
    def title(self) -> str:
        words = ", everyone acknowledges" if self.receipts else ""
        return f"room of {self.members}, {SENDERS} senders, {self.rate} messages/s in all{words}"

    def needs(self) -> Needs:
        return Needs(people=self.members, groups=[list(range(self.members))])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [groups] * self.members

    def window(self, seconds: float) -> float:
        return max(self.held, seconds)

    async def drive(self, clients: Clients) -> Outcome:
        here = clients.job.seats[0].conversations[0]
        await clients.join(clients.members)
        sending = asyncio.create_task(self._send(clients, here))
        acknowledging = asyncio.create_task(self._acknowledge(clients, here)) if self.receipts else None
        await clients.settle_in(WARM_UP)
        before = clients.sent
        await clients.window()
        during = clients.sent - before
        sending.cancel()
        head = clients.sent
        await clients.settle(lambda: all(one.ledgers[here].seq == head for one in clients.members))
        if acknowledging:
            acknowledging.cancel()
        return clients.outcome({here: head}, messages=during)

    async def _send(self, clients: Clients, here: str) -> None:
        """Evenly, the senders in turn; a delay is made up for, so the rate holds."""
        start, count = time.monotonic(), 0
        while True:
            clients.members[count % SENDERS].say(here)
            count += 1
            await asyncio.sleep(max(0.0, start + count / self.rate - time.monotonic()))

    async def _acknowledge(self, clients: Clients, here: str) -> None:
        """Each member once in ACKNOWLEDGE_EVERY, spread evenly; a delay is made up for."""
        start, count = time.monotonic(), 0
        while True:
            clients.members[count % self.members].acknowledge(here)
            count += 1
            await asyncio.sleep(max(0.0, start + count * ACKNOWLEDGE_EVERY / self.members - time.monotonic()))

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            per_second("messages", seen.messages, run),
            per_second("deliveries", seen.deliveries, run),
            *faults(run),
            *latencies(seen),
            *cpu_lines(run, PER_DELIVERIES, seen.deliveries / 1000),
            *surroundings(run),
        ]
