from __future__ import annotations

from abc import ABC, abstractmethod

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.subjects import FLOOR

WARM_UP = 2.0  # seconds before a window


class Scenario(ABC):
    """Who takes part, what they do, and what is read off."""

    title: str
    """One line of words, with the sizes."""
    has_floor = True
    """Whether the floor can do the same."""

    @abstractmethod
    def needs(self) -> Needs:
        """The people, one socket each, and their conversations."""

    @abstractmethod
    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        """For each socket the conversations its client has open, from the ids that were made for `needs`."""

    @abstractmethod
    async def drive(self, clients: Clients) -> Outcome:
        """What the clients do. Runs in their process."""

    @abstractmethod
    def figures(self, run: Run) -> list[Figure]:
        """The lines of the table, the same for every subject."""


def faults(run: Run) -> list[Figure]:
    """Nothing may be lost, doubled or out of order, no send go unanswered, no socket be closed or refused."""
    seen = run.outcome
    found = {"lost": seen.lost, "doubled": seen.doubled, "out of order": seen.disordered}
    if run.subject != FLOOR:
        found |= {"sends without ack": seen.unanswered, "refusals": len(seen.refused)}
    return [Figure(name, "", value, must=0) for name, value in found.items()]


def latencies(outcome: Outcome, must: float | None = None) -> list[Figure]:
    """Send to receive; `must` bounds p99, in milliseconds."""
    return [
        Figure(f"send to receive, {name}", "ms", value, must=must if name == "p99" else None)
        for name, value in outcome.latencies.items()
    ]


def cpu_lines(run: Run, unit: str, units: float, must: float | None = None) -> list[Figure]:
    """CPU milliseconds per so many `units` of work: in all, bounded by `must` × the floor, then by kind of process."""
    spent = {kind: seconds * 1000 / units if units else 0.0 for kind, seconds in run.cpu().items()}
    lines = [Figure(f"CPU per {unit}", "ms", sum(spent.values()), must=must, of_floor=True)]
    return lines + [Figure(f"    {kind}", "ms", value) for kind, value in spent.items()] + [disturbance(run)]


def disturbance(run: Run) -> Figure:
    """What else ran on the servers' core: with more than a few percent latencies and rates mean nothing.

    CPU figures shrink a little, too: who is kept waiting works in larger batches.
    """
    return Figure("others on the servers' core", "%", 100 * run.disturbance())
