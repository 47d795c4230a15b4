from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.limits import PER_MESSAGE
from chatsite.management.bench.subjects import FLOOR

WARM_UP = 2.0  # seconds before a window
SOCKETS_FLOOR = "chatsite.management.bench.floor"
PAGES_FLOOR = "chatsite.management.bench.page_floor"


@dataclass(frozen=True)
class Scenario(ABC):
    """Who takes part, what they do, and what is read off. Its fields are its sizes."""

    floor: ClassVar[str | None] = SOCKETS_FLOOR
    """The module that does the same at the least; None where none can."""
    reads_only: ClassVar[bool] = False
    """Whether it only reads what was stored before: then that is made once, and for the floor as well."""

    @property
    @abstractmethod
    def title(self) -> str:
        """One line of words, with the sizes."""

    @abstractmethod
    def needs(self) -> Needs:
        """The people and their conversations."""

    @abstractmethod
    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        """For each person the conversations their client has open, from the ids that were made for `needs`."""

    @abstractmethod
    async def drive(self, clients: Clients) -> Outcome:
        """What the clients do. Runs in their process."""

    @abstractmethod
    def figures(self, run: Run) -> list[Figure]:
        """The lines of the table, the same for every subject."""

    def window(self, seconds: float) -> float:
        """How long is counted when `seconds` are asked for."""
        return seconds


def faults(run: Run) -> list[Figure]:
    """What may have been lost, doubled or out of order, sends not answered, sockets closed and commands refused."""
    seen = run.outcome
    found = {"lost": seen.lost, "doubled": seen.doubled, "out of order": seen.disordered}
    if run.subject != FLOOR:
        found |= {"sends without ack": seen.unanswered, "refusals": len(seen.refused)}
    return [Figure(name, "", value) for name, value in found.items()]


def latencies(outcome: Outcome, what: str = "send to receive") -> list[Figure]:
    return [Figure(f"{what}, {name}", "ms", value) for name, value in outcome.latencies.items()]


def per_second(what: str, count: float, run: Run) -> Figure:
    return Figure(f"{what} per second", "", count / run.outcome.seconds)


def cpu_lines(run: Run, name: str, units: float, start: str = "steady", end: str = "over") -> list[Figure]:
    """CPU milliseconds per so many `units` of work: in all, then by kind of process."""
    spent = {kind: seconds * 1000 / units if units else 0.0 for kind, seconds in run.cpu(start, end).items()}
    return [Figure(name, "ms", sum(spent.values())), *(Figure(f"    {kind}", "ms", one) for kind, one in spent.items())]


def bearable(run: Run) -> Figure:
    """The messages per second that cost all of the servers' cores: what they bear when nobody else is there."""
    spent = sum(run.cpu().values())
    return Figure("messages the servers' cores bear", "per second", run.cores * run.outcome.messages / max(spent, 1e-9))


def flat_out(run: Run, *rates: Figure) -> list[Figure]:
    """The table of those who say the next as soon as the last was answered; `rates` stand beside that of messages."""
    seen = run.outcome
    return [
        per_second("messages", seen.messages, run),
        *rates,
        *faults(run),
        *latencies(seen),
        *cpu_lines(run, PER_MESSAGE, seen.messages),
        bearable(run),
        *surroundings(run),
    ]


def surroundings(run: Run) -> list[Figure]:
    """What else ran: with more than a few percent of others on the servers' cores latencies and rates mean nothing.

    CPU figures shrink a little then, too: who is kept waiting works in larger batches.
    """
    webs = [Figure(f"web process {place}", "% of a core", 100 * one) for place, one in enumerate(run.webs(), 1)]
    return [
        *(webs if len(webs) > 1 else ()),
        Figure("clients", "% of a core", 100 * run.clients()),
        Figure("others on the servers' cores", "%", 100 * run.disturbance()),
    ]
