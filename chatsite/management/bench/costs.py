"""What a run cost between two of its marks."""

from __future__ import annotations

import msgspec

from chatsite.management.bench.job import Outcome


class Costs(msgspec.Struct, frozen=True):
    """At one moment, by kind of process: CPU seconds so far, memory in KiB (PSS)."""

    cpu: dict[str, float]
    memory: dict[str, int]


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
