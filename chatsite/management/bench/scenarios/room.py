from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.scenarios.scenario import WARM_UP, Scenario, cpu_lines, faults, latencies

MEMBERS = 100
SENDERS = 5
ACKNOWLEDGE_EVERY = 0.25  # seconds, as PROTOCOL.md has clients do


@dataclass(frozen=True)
class Room(Scenario):
    """One conversation: a few send at a steady rate, all listen."""

    rate: int
    """messages per second in all"""
    p99: float | None = None
    """milliseconds from send to receive that must be kept, where that is promised"""
    receipts: bool = False
    """Whether the members acknowledge what they got."""

    @property
    def title(self) -> str:  # type: ignore[override]
        words = ", everyone acknowledges" if self.receipts else ""
        return f"room of {MEMBERS}, {SENDERS} senders, {self.rate} messages/s in all{words}"

    def needs(self) -> Needs:
        return Needs(people=MEMBERS, groups=[list(range(MEMBERS))])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [groups] * MEMBERS

    async def drive(self, clients: Clients) -> Outcome:
        here = clients.job.seats[0].conversations[0]
        await clients.join(clients.members)
        sending = asyncio.create_task(self._send(clients, here))
        acknowledging = asyncio.create_task(self._acknowledge(clients, here)) if self.receipts else None
        await asyncio.sleep(WARM_UP)
        before = _sent(clients)
        await clients.window()
        during = _sent(clients) - before
        sending.cancel()
        head = _sent(clients)
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
        while True:
            for member in clients.members:
                member.acknowledge(here)
                await asyncio.sleep(ACKNOWLEDGE_EVERY / MEMBERS)

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            Figure("messages per second", "", seen.messages / seen.seconds),
            Figure("deliveries per second", "", seen.deliveries / seen.seconds),
            *faults(run),
            *latencies(seen, must=self.p99),
            *cpu_lines(run, "1,000 deliveries", seen.deliveries / 1000, must=1.8),
        ]


def _sent(clients: Clients) -> int:
    return sum(one.sent for one in clients.members)
