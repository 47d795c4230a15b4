from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import ClassVar

from chatsite.management.bench import pages
from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.frames import ProtocolError
from chatsite.management.bench.job import Needs, Outcome, Seat
from chatsite.management.bench.limits import PER_REQUEST
from chatsite.management.bench.scenarios.scenario import (
    PAGES_FLOOR,
    WARM_UP,
    Scenario,
    cpu_lines,
    latencies,
    per_second,
    surroundings,
)

CONNECTIONS = 10
TROUBLE = (OSError, ProtocolError, asyncio.IncompleteReadError)


@dataclass(frozen=True)
class History(Scenario):
    """The newest page of a long private conversation, asked for again and again by both sides."""

    floor: ClassVar[str | None] = PAGES_FLOOR
    reads_only: ClassVar[bool] = True
    messages: int = 10_000

    @property
    def title(self) -> str:
        return f"newest {pages.PAGE} of {self.messages:,} messages over HTTP, {CONNECTIONS} connections kept open"

    def needs(self) -> Needs:
        return Needs(people=2, pairs=[(0, 1)], archive=self.messages)

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [pairs, pairs]

    async def drive(self, clients: Clients) -> Outcome:
        seats = [clients.job.seats[number % 2] for number in range(CONNECTIONS)]
        asking = [asyncio.create_task(self._ask(clients, one)) for one in seats]
        await clients.settle_in(WARM_UP)
        await clients.window()
        for one in asking:
            one.cancel()
        return clients.outcome({}, messages=len(clients.tally.latencies))

    async def _ask(self, clients: Clients, seat: Seat) -> None:
        """Without a pause, until cancelled or until something fails, which is noted."""
        try:
            reader = await pages.connect(clients.job, seat)
            while True:
                start = time.monotonic_ns()
                body = await reader.newest()
                if clients.tally.counting:
                    clients.tally.latencies.append(time.monotonic_ns() - start)
                if not pages.is_newest(body, self.messages):
                    clients.tally.refuse("not the newest page")
        except TROUBLE as error:
            clients.tally.refuse(f"ended: {error}")

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            per_second("requests", seen.messages, run),
            Figure("wrong answers", "", len(seen.refused)),
            *latencies(seen, "request to answer"),
            *cpu_lines(run, PER_REQUEST, seen.messages),
            Figure("archive written in", "s", run.preparing),
            *surroundings(run),
        ]
