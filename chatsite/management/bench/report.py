"""Results as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from chatsite.management.bench.figures import Figure
from chatsite.management.bench.limits import Limit, Limits

UNBOUND = Limit()
WIDTHS = (34, 12, 11, 13, 9, 11, 11)  # characters: name, unit, ours, other, ratio, must, aim


class Result(msgspec.Struct, frozen=True):
    """A scenario's figures for the chat, and those it is held against; `against` names these."""

    scenario: str
    title: str
    subject: str
    ours: list[Figure]
    other: list[Figure] | None = None
    against: str = ""
    limits: Limits = {}
    note: str = ""
    series: str = ""
    """Of what it is a point in the plot."""
    size: int = 0

    def lines(self) -> Iterable[tuple[Figure, Figure | None, Limit]]:
        """Each figure with the other's of the same name, and its limit."""
        other = {one.name: one for one in self.other or ()}
        return [(one, other.get(one.name), self.limits.get(one.name, UNBOUND)) for one in self.ours]

    @property
    def broken(self) -> list[str]:
        """The names of figures that are not as they must be."""
        return [one.name for one, other, limit in self.lines() if limit.held(one, other) is False]


def table(result: Result) -> str:
    """The result as lines of text, aligned."""
    head = ("", "", result.subject, result.against, "ratio" if result.other else "", "must", "aim")
    rows = [_row(_cells(*line)) + _verdict(*line) for line in result.lines()]
    lines = [f"{result.scenario}: {result.title}", *([result.note] if result.note else ()), _row(head), *rows]
    return "\n".join(line.rstrip() for line in lines)


def encoded(results: list[Result], circumstances: dict[str, str]) -> bytes:
    """All results, with the machine's circumstances, as JSON."""
    rows = [
        {
            "scenario": one.scenario,
            "title": one.title,
            "subject": one.subject,
            "against": one.against,
            "note": one.note,
            "series": one.series,
            "size": one.size,
            "figures": [_object(*line) for line in one.lines()],
        }
        for one in results
    ]
    return msgspec.json.format(msgspec.json.encode({"circumstances": circumstances, "results": rows}), indent=2)


def _object(one: Figure, other: Figure | None, limit: Limit) -> dict[str, Any]:
    return {
        "name": one.name.strip(),
        "unit": one.unit,
        "value": one.value,
        "other": other and other.value,
        "ratio": one.ratio(other),
        "must": limit.must,
        "aim": limit.aim,
        "limits_the_ratio": limit.ratio,
        "more_is_better": limit.more,
        "held": limit.held(one, other),
        "aim_met": limit.met(one, other),
    }


def _cells(one: Figure, other: Figure | None, limit: Limit) -> tuple[str, ...]:
    ratio = one.ratio(other)
    return (
        one.name,
        one.unit,
        number(one.value),
        "" if other is None else number(other.value),
        "" if ratio is None or limit.must == 0 else f"{ratio:.2f} ×",
        _bound(limit, limit.must),
        _bound(limit, limit.aim),
    )


def _bound(limit: Limit, value: float | None) -> str:
    if value is None:
        return ""
    sign = "≥ " if limit.more else "≤ " if value else ""
    return f"{sign}{number(value)}{' ×' if limit.ratio else ''}"


def _row(cells: tuple[str, ...]) -> str:
    words = [cell.ljust(width) for cell, width in zip(cells[:2], WIDTHS, strict=False)]
    return "  " + "".join(words + [cell.rjust(width) for cell, width in zip(cells[2:], WIDTHS[2:], strict=True)])


def _verdict(one: Figure, other: Figure | None, limit: Limit) -> str:
    held, met = limit.held(one, other), limit.met(one, other)
    words = [{True: "held", False: "NOT HELD", None: ""}[held], {True: "aim met", False: "aim not met", None: ""}[met]]
    return "   " + ", ".join(filter(None, words)) if any(words) else ""


def number(value: float) -> str:
    """Three digits that count, thousands set apart."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
