"""What a run cost between two of its marks."""

from __future__ import annotations

import msgspec

from chatsite.management.bench.job import Outcome


class Costs(msgspec.Struct, frozen=True):
    """At one moment, by kind of process: CPU seconds so far, memory in KiB (PSS)."""

    cpu: dict[str, float]
    memory: dict[str, int]
    busy: float
    """CPU seconds of the servers' cores so far, whoever used them"""
    at: float
    """seconds, of a clock that starts anywhere"""
    webs: list[float] = []
    """CPU seconds of each web process"""
    clients: float = 0.0
    """CPU seconds of the clients' process"""


class Run(msgspec.Struct, frozen=True):
    """One scenario against one subject. `costs` by mark."""

    subject: str
    outcome: Outcome
    costs: dict[str, Costs]
    cores: int = 1
    """that the servers had"""
    shared: bool = False
    """whether the clients ran on these cores, too"""
    preparing: float = 0.0
    """seconds that it took to make the people, conversations and messages"""

    def cpu(self, start: str = "steady", end: str = "over") -> dict[str, float]:
        """CPU seconds by kind of process between two marks."""
        before, after = self.costs[start].cpu, self.costs[end].cpu
        return {kind: after[kind] - before[kind] for kind in after}

    def grown(self, kind: str, start: str, end: str) -> int:
        """KiB that the processes of this kind grew between two marks."""
        return self.costs[end].memory[kind] - self.costs[start].memory[kind]

    def webs(self) -> list[float]:
        """The part of a core that each web process used in the window, 0 … 1."""
        before, after = self.costs["steady"].webs, self.costs["over"].webs
        return [(late - early) / self._took() for early, late in zip(before, after, strict=True)]

    def clients(self) -> float:
        """The part of a core that the clients used in the window: near 1, they are the limit."""
        return (self.costs["over"].clients - self.costs["steady"].clients) / self._took()

    def disturbance(self) -> float:
        """The part of the servers' cores that others used in the window, 0 … 1. Latencies and rates suffer from it."""
        used = self.costs["over"].busy - self.costs["steady"].busy
        others = (used - sum(self.cpu().values())) / self._took()
        if self.shared:
            others -= self.clients()
        return max(0.0, others / self.cores)

    def _took(self) -> float:
        """Seconds between the two readings: a little more than the window when the machine is busy."""
        return self.costs["over"].at - self.costs["steady"].at
