"""What a run cost between two of its marks."""

from __future__ import annotations

import msgspec

from chatsite.management.bench.job import Outcome


class Costs(msgspec.Struct, frozen=True):
    """At one moment, by kind of process: CPU seconds so far, memory in KiB (PSS)."""

    cpu: dict[str, float]
    memory: dict[str, int]
    busy: float
    """CPU seconds of the servers' core so far, whoever used it"""


class Run(msgspec.Struct, frozen=True):
    """One scenario against one subject. `costs` by mark."""

    subject: str
    outcome: Outcome
    costs: dict[str, Costs]

    def cpu(self, start: str = "steady", end: str = "over") -> dict[str, float]:
        """CPU seconds by kind of process between two marks."""
        before, after = self.costs[start].cpu, self.costs[end].cpu
        return {kind: after[kind] - before[kind] for kind in after}

    def grown(self, kind: str, start: str, end: str) -> int:
        """KiB that the processes of this kind grew between two marks."""
        return self.costs[end].memory[kind] - self.costs[start].memory[kind]

    def disturbance(self) -> float:
        """The part of the servers' core that others used in the window, 0 … 1. Latencies and rates suffer from it."""
        others = self.costs["over"].busy - self.costs["steady"].busy - sum(self.cpu().values())
        return max(0.0, others / self.outcome.seconds)
