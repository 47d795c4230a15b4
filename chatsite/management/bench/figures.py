"""Numbers from samples."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

PERCENTILES = (50, 95, 99)


class Figure(msgspec.Struct, frozen=True):
    """One line of the table."""

    name: str
    unit: str
    value: float

    def ratio(self, other: Figure | None) -> float | None:
        """How many times the other's; None where that means nothing."""
        return self.value / other.value if other is not None and other.value else None


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
