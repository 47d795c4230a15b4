from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from chatsite.management.bench import crowd, pages
from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome, Seat
from chatsite.management.bench.limits import PER_REQUEST
from chatsite.management.bench.scenarios.history import TROUBLE
from chatsite.management.bench.scenarios.scenario import (
    WARM_UP,
    Scenario,
    cpu_lines,
    latencies,
    per_second,
    surroundings,
)


@dataclass(frozen=True)
class Directory(Scenario):
    """Somebody looks for people, letter by letter, among many."""

    floor: ClassVar[str | None] = None
    reads_only: ClassVar[bool] = True
    people: int = 200_000

    @property
    def title(self) -> str:
        return f"search among {self.people:,} people as one types: user names, display names, nobody; one at a time"

    def needs(self) -> Needs:
        return Needs(people=1, crowd=self.people)

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[]]

    async def drive(self, clients: Clients) -> Outcome:
        asking = asyncio.create_task(self._ask(clients, clients.job.seats[0]))
        await clients.settle_in(WARM_UP)
        await clients.window()
        asking.cancel()
        return clients.outcome({}, messages=len(clients.tally.latencies))

    async def _ask(self, clients: Clients, seat: Seat) -> None:
        """Without a pause, until cancelled or until something fails, which is noted."""
        try:
            reader = await pages.connect(clients.job, seat)
            for text in itertools.cycle(_typed()):
                start = time.monotonic_ns()
                body = await reader.get(f"/api/v1/users/?search={text}")
                if clients.tally.counting:
                    clients.tally.latencies.append(time.monotonic_ns() - start)
                if not pages.begins(body, text):
                    clients.tally.refuse(f"not who begins with {text}")
        except TROUBLE as error:
            clients.tally.refuse(f"ended: {error}")

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            per_second("requests", seen.messages, run),
            Figure("wrong answers", "", len(seen.refused)),
            *latencies(seen, "request to answer"),
            *cpu_lines(run, PER_REQUEST, seen.messages),
            Figure("people made in", "s", run.preparing),
            *surroundings(run),
        ]


def _typed() -> Iterator[str]:
    """What stands in the field after each letter: names of either kind, and of nobody."""
    for word in (*crowd.GIVEN, *crowd.FAMILY, f"{crowd.USERNAME}1234", "zzzz"):
        lower = word.lower()
        yield from (lower[:end] for end in range(1, len(lower) + 1))
