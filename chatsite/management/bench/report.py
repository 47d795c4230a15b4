"""Results as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chatsite.management.bench.figures import Figure


class Result(msgspec.Struct, frozen=True):
    """A scenario's figures for the chat, and for the floor where it was measured."""

    scenario: str
    title: str
    subject: str
    ours: list[Figure]
    floor: list[Figure] | None = None

    def lines(self) -> Iterable[tuple[Figure, Figure | None]]:
        """Each figure with the floor's of the same name."""
        floor = {one.name: one for one in self.floor or ()}
        return [(one, floor.get(one.name)) for one in self.ours]

    @property
    def broken(self) -> list[str]:
        """The names of figures beyond their limit."""
        return [one.name.strip() for one, floor in self.lines() if one.holds(floor) is False]


WIDTHS = (34, 15, 12, 12, 9)  # characters


def table(result: Result) -> str:
    """The result as lines of text, aligned."""
    head = _row(("", "", result.subject, "floor" if result.floor else "", "ratio" if result.floor else ""))
    rows = [_row(_cells(one, floor)) + _verdict(one, floor) for one, floor in result.lines()]
    return "\n".join([f"{result.scenario}: {result.title}", head.rstrip(), *(one.rstrip() for one in rows)])


def encoded(results: list[Result], circumstances: dict[str, str]) -> bytes:
    """All results, with the machine's circumstances, as JSON."""
    rows = [
        {
            "scenario": one.scenario,
            "title": one.title,
            "subject": one.subject,
            "figures": [
                {
                    "name": ours.name.strip(),
                    "unit": ours.unit,
                    "value": ours.value,
                    "floor": floor and floor.value,
                    "ratio": ours.ratio(floor),
                    "must": ours.must,
                    "must_be_of_floor": ours.of_floor,
                    "holds": ours.holds(floor),
                }
                for ours, floor in one.lines()
            ],
        }
        for one in results
    ]
    return msgspec.json.format(msgspec.json.encode({"circumstances": circumstances, "results": rows}), indent=2)


def _cells(one: Figure, floor: Figure | None) -> tuple[str, ...]:
    ratio = one.ratio(floor)
    return (
        one.name,
        one.unit,
        number(one.value),
        "" if floor is None else number(floor.value),
        "" if ratio is None else f"{ratio:.2f} ×",
    )


def _row(cells: tuple[str, ...]) -> str:
    words = [cell.ljust(width) for cell, width in zip(cells[:2], WIDTHS, strict=False)]
    return "  " + "".join(words + [cell.rjust(width) for cell, width in zip(cells[2:], WIDTHS[2:], strict=True)])


def _verdict(one: Figure, floor: Figure | None) -> str:
    holds = one.holds(floor)
    if holds is None or one.must is None:
        return ""
    bound = f"{'at least' if one.more else 'at most'} {number(one.must)}{' × floor' if one.of_floor else ''}"
    return f"   {'holds' if holds else 'OVER'}: {bound}"


def number(value: float) -> str:
    """Three digits that count, thousands set apart."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
