"""What is held against what, under which limits: the tables that each name on the command line stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatsite.management.bench import limits
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.laboratory import Laboratory
from chatsite.management.bench.limits import Limits
from chatsite.management.bench.report import Result
from chatsite.management.bench.scenarios import Directory, History, Hot, Idle, Pairs, Room, Scenario, Search, Storm
from chatsite.management.bench.scenarios.search import SOUGHT
from chatsite.management.bench.subjects import FLOOR

MANY = 200  # pairs: with fewer, two processes wait for the disk more than they work
SHORT, MANY, LONG = 10_000, 100_000, 1_000_000  # messages
SIZES = "sizes"
ROOM_SIZES = (10, 30, 100, 300)  # members
ARCHIVE_SIZES = (1_000, 10_000, 100_000, 1_000_000)  # messages
BESIDE = (
    "Of two web processes each has a core of its own; databases and clients run on both, so the clients take of what "
    "the servers could use, which they do not beside one process. `messages the servers' cores bear` leaves them out."
)
TITLES = {
    "room": Room().title,
    "rush": f"{Room(rate=400).title}, held for 20 s",
    "pairs": Pairs(receipts=True).title,
    "receipts": "a room and pairs that acknowledge what they got, against the same without",
    "idle": Idle().title,
    "storm": Storm().title,
    "history": f"newest page over HTTP of {SHORT:,} and of {LONG:,} messages",
    "people": Directory().title,
    "search": f"a rare word, a common one and two letters, in {MANY:,} and in {LONG:,} messages",
    "processes": "two web processes against one: a hot conversation, and separate ones",
    SIZES: "cost against size: rooms of 10 to 300, archives of 1,000 to 1,000,000 messages (for --plot)",
}


@dataclass(frozen=True)
class Side:
    """A scenario on a server, or on the floor."""

    scenario: Scenario
    subject: str
    web_processes: int = 1


@dataclass(frozen=True)
class Comparison:
    """One table: ours, what it is held against (`against` names it), and the limits of its figures."""

    ours: Side
    other: Side | None
    against: str
    limits: Limits
    rounds: int = 1
    """How often the two are measured, in turns: of each figure the middle one counts, of what went wrong the worst."""
    note: str = ""
    series: str = ""
    """Of what it is a point in the plot."""
    size: int = 0

    @property
    def sides(self) -> list[Side]:
        return [side for side in (self.ours, self.other) if side is not None]


def comparisons(name: str, server: str) -> list[Comparison]:
    """The tables of one name, in order."""
    match name:
        case "room":
            return [_floor(Room(), server, {**limits.FAULTLESS, **limits.ROOM_P99, **limits.ROOM[server]})]
        case "rush":
            return [_floor(Room(rate=400, held=20), server, {**limits.FAULTLESS, **limits.RUSH})]
        case "pairs":
            bounds = {**limits.FAULTLESS, **limits.PAIRS}
            ours, floor = Side(Pairs(receipts=True), server), Side(Pairs(), FLOOR)
            return [Comparison(ours, floor, FLOOR, bounds)]
        case "receipts":
            return [_receipts(Room, limits.PER_DELIVERIES, server), _receipts(Pairs, limits.PER_MESSAGE, server)]
        case "idle":
            return [_floor(Idle(), server, limits.IDLE)]
        case "storm":
            return [Comparison(Side(Storm(), server), None, "", {**limits.WHOLE, **limits.STORM})]
        case "history":
            return _histories(server)
        case "people":
            return [Comparison(Side(Directory(), server), None, "", limits.PEOPLE)]
        case "search":
            return _searches(server)
        case "processes":
            separate = Pairs(MANY, receipts=True)
            return [_processes(Hot(), server, limits.HOT), _processes(separate, server, limits.SEPARATE)]
        case _:
            return _sizes(server)


def results(name: str, wanted: Iterable[Comparison], seconds: float, lab: Laboratory) -> Iterator[Result]:
    """Each table as soon as it is there; a side that stands in two of them is measured once. Raises StackError."""
    seen: dict[Side, Result] = {}
    for one in wanted:
        runs: dict[Side, list[list[Figure]]] = {side: [] for side in one.sides if side not in seen}
        for _ in range(one.rounds):
            for side, figures in runs.items():
                run = lab.measure(side.scenario, side.subject, seconds, side.web_processes)
                figures.append(side.scenario.figures(run))
        for side, figures in runs.items():
            seen[side] = Result(name, side.scenario.title, side.subject, together(figures))
        yield _table(one, seen)


def together(runs: Sequence[Sequence[Figure]]) -> list[Figure]:
    """The figures of several runs as those of one: the middle of each, or the worst of what must never be."""

    def one(figures: Sequence[Figure]) -> Figure:
        ordered = sorted(figures, key=lambda figure: figure.value)
        return ordered[-1] if ordered[0].name in limits.FAULTLESS else ordered[len(ordered) // 2]

    return [one(figures) for figures in zip(*runs, strict=True)]


def _table(one: Comparison, seen: dict[Side, Result]) -> Result:
    ours = seen[one.ours]
    return Result(
        ours.scenario,
        ours.title,
        ours.subject,
        ours.ours,
        seen[one.other].ours if one.other is not None else None,
        against=one.against,
        limits=one.limits,
        note=one.note,
        series=one.series,
        size=one.size,
    )


def _floor(scenario: Scenario, server: str, bounds: Limits) -> Comparison:
    return Comparison(Side(scenario, server), Side(scenario, FLOOR), FLOOR, bounds)


def _receipts(kind: type[Room] | type[Pairs], cost: str, server: str) -> Comparison:
    ours, other = Side(kind(receipts=True), server), Side(kind(), server)
    return Comparison(ours, other, "without", {**limits.FAULTLESS, cost: limits.RECEIPTS})


def _histories(server: str) -> list[Comparison]:
    short, long = _floor(History(SHORT), server, limits.HISTORY), _floor(History(LONG), server, limits.HISTORY)
    return [short, long, Comparison(long.ours, short.ours, f"of {SHORT:,}", limits.LONG_HISTORY)]


def _searches(server: str) -> list[Comparison]:
    return [
        Comparison(
            Side(Search(sought, LONG), server),
            Side(Search(sought, MANY), server),
            f"in {MANY:,}",
            {**limits.SEARCH, **limits.LONG_SEARCH},
        )
        for sought in SOUGHT
    ]


def _processes(scenario: Scenario, server: str, bounds: Limits) -> Comparison:
    ours, other = Side(scenario, server, 2), Side(scenario, server)
    return Comparison(ours, other, "one process", {**limits.WHOLE, **bounds}, rounds=3, note=BESIDE)


def _sizes(server: str) -> list[Comparison]:
    rooms = [(Room(members=size), limits.PER_DELIVERIES, size) for size in ROOM_SIZES]
    archives = [(History(size), limits.PER_REQUEST, size) for size in ARCHIVE_SIZES]
    return [
        Comparison(Side(scenario, server), Side(scenario, FLOOR), FLOOR, {}, series=series, size=size)
        for scenario, series, size in [*rooms, *archives]
    ]
