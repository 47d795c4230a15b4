from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from chatsite.management.bench import pages
from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.frames import ProtocolError
from chatsite.management.bench.job import Outcome, Seat
from chatsite.management.bench.limits import PER_REQUEST
from chatsite.management.bench.scenarios.scenario import (
    WARM_UP,
    Scenario,
    cpu_lines,
    latencies,
    per_second,
    surroundings,
)

TROUBLE = (OSError, ProtocolError, asyncio.IncompleteReadError)


class Question(NamedTuple):
    """`right`: whether a body answers it; `wrong`: what is noted where it does not."""

    address: str
    right: Callable[[bytes], bool]
    wrong: str


@dataclass(frozen=True)
class Asking(Scenario):
    """One request after another over connections that are kept open."""

    reads_only: ClassVar[bool] = True
    connections: ClassVar[int] = 1
    stored: ClassVar[str] = ""
    """What the time is called that it took to store what is read."""

    @abstractmethod
    def questions(self, seat: Seat) -> Iterator[Question]:
        """Without end."""

    async def drive(self, clients: Clients) -> Outcome:
        seats = clients.job.seats
        asking = [
            asyncio.create_task(self._ask(clients, seats[number % len(seats)])) for number in range(self.connections)
        ]
        await clients.settle_in(WARM_UP)
        await clients.window()
        for one in asking:
            one.cancel()
        return clients.outcome({}, messages=len(clients.tally.latencies))

    async def _ask(self, clients: Clients, seat: Seat) -> None:
        """Without a pause, until cancelled or until something fails, which is noted."""
        try:
            reader = await pages.connect(clients.job, seat)
            for question in self.questions(seat):
                start = time.monotonic_ns()
                body = await reader.get(question.address)
                if clients.tally.counting:
                    clients.tally.latencies.append(time.monotonic_ns() - start)
                if not question.right(body):
                    clients.tally.refuse(question.wrong)
        except TROUBLE as error:
            clients.tally.refuse(f"ended: {error}")

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            per_second("requests", seen.messages, run),
            Figure("wrong answers", "", len(seen.refused)),
            *latencies(seen, "request to answer"),
            *cpu_lines(run, PER_REQUEST, seen.messages),
            Figure(self.stored, "s", run.preparing),
            *surroundings(run),
        ]
