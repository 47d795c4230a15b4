"""Numbers from samples, and how a figure of ours stands to the floor's and to its limit."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

PERCENTILES = (50, 95, 99)


class Figure(msgspec.Struct, frozen=True):
    """One line of the table.

    `must` is the limit of the value, or, with `of_floor`, of its ratio to the floor. Less is better unless `more`.
    """

    name: str
    unit: str
    value: float
    must: float | None = None
    of_floor: bool = False
    more: bool = False

    def ratio(self, floor: Figure | None) -> float | None:
        """How many times the floor's; None where that means nothing."""
        return self.value / floor.value if floor is not None and floor.value else None

    def holds(self, floor: Figure | None) -> bool | None:
        """Whether the limit is kept; None without a limit, or without the floor it needs."""
        measured = self.ratio(floor) if self.of_floor else self.value
        if self.must is None or measured is None:
            return None
        return measured >= self.must if self.more else measured <= self.must


def percentile(ordered: Sequence[float], part: float) -> float:
    """The nearest-rank percentile `part` (0 … 100) of samples in rising order; 0 without samples."""
    if not ordered:
        return 0.0
    rank = -(-len(ordered) * part // 100)
    return ordered[max(0, int(rank) - 1)]


def spread(nanoseconds: Sequence[int]) -> dict[str, float]:
    """p50, p95, p99 and max in milliseconds."""
    ordered = [one / 1e6 for one in sorted(nanoseconds)]
    found = {f"p{part}": percentile(ordered, part) for part in PERCENTILES}
    return {**found, "max": ordered[-1] if ordered else 0.0}
