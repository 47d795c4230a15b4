"""Draws cost against size: of a delivery against the room, of a page against the archive.

Run as `python -m chatsite.management.bench.plot FILE.png`: reads what `--json` writes from its input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import msgspec
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from matplotlib.ticker import FuncFormatter, NullFormatter

from chatsite.management.bench import limits
from chatsite.management.bench.limits import PER_DELIVERIES, PER_REQUEST

SIZE, DPI = (11, 4.8), 120  # inches; dots per inch
OURS, FLOOR, MUST, AIM = "#1f5fa8", "#777777", "#b3261e", "#2e7d32"  # colours


class Measured(msgspec.Struct, frozen=True):
    name: str
    value: float
    other: float | None = None


class Point(msgspec.Struct, frozen=True):
    """Of one result, what is drawn."""

    subject: str
    series: str
    size: int
    figures: list[Measured]

    def measured(self) -> Measured:
        return next(one for one in self.figures if one.name == self.series)


class Report(msgspec.Struct, frozen=True):
    results: list[Point]


def draw(points: Sequence[Point], file: Path) -> None:
    """Writes both plots as PNG. Needs points of both series."""
    sheet = Sheet(figsize=SIZE, dpi=DPI, layout="constrained")
    left, right = sheet.subplots(1, 2)
    _rooms(left, [one for one in points if one.series == PER_DELIVERIES])
    _archives(right, [one for one in points if one.series == PER_REQUEST])
    sheet.savefig(file, format="png")


def _rooms(axes: Axes, points: Sequence[Point]) -> None:
    """CPU milliseconds per 1,000 deliveries are microseconds per delivery. The limits follow the floor."""
    _curves(axes, points)
    axes.set(title="A message to everyone in a room", xlabel="members of the room", ylabel="CPU per delivery, µs")
    bound = limits.ROOM[points[0].subject][PER_DELIVERIES]
    sizes, floor = [one.size for one in points], [one.measured().other or 0.0 for one in points]
    for factor, word, colour in ((bound.must, "must", MUST), (bound.aim, "aim", AIM)):
        if factor is not None:
            label = f"{word} (room of 100): {factor:g} × floor"
            axes.plot(sizes, [factor * one for one in floor], "--", color=colour, linewidth=1, label=label)
    _finish(axes, points)


def _archives(axes: Axes, points: Sequence[Point]) -> None:
    _curves(axes, points)
    axes.set(
        title="The newest 50 messages over HTTP", xlabel="messages in the conversation", ylabel="CPU per request, ms"
    )
    bound = limits.HISTORY[PER_REQUEST]
    for value, word, colour in ((bound.must, "must", MUST), (bound.aim, "aim", AIM)):
        if value is not None:
            axes.axhline(value, linestyle="--", color=colour, linewidth=1, label=f"{word}: {value:g} ms")
    _finish(axes, points)


def _curves(axes: Axes, points: Sequence[Point]) -> None:
    sizes, measured = [one.size for one in points], [one.measured() for one in points]
    axes.plot(sizes, [one.value for one in measured], "o-", color=OURS, label=f"chat on {points[0].subject}")
    axes.plot(sizes, [one.other or 0.0 for one in measured], "s-", color=FLOOR, label="floor")


def _finish(axes: Axes, points: Sequence[Point]) -> None:
    axes.set_xscale("log")
    axes.set_xticks([one.size for one in points])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize="small")


if __name__ == "__main__":
    mpl.use("agg")
    draw(msgspec.json.decode(sys.stdin.buffer.read(), type=Report).results, Path(sys.argv[1]))
