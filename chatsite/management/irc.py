"""Reads logs of the format that `importirc` takes: one event a line, the date in the file's name.

`[HH:MM] <nick> text` is a message, `[HH:MM]  * nick text` an action, `=== ...` an event of the server. A message that
begins with `nick:` or `nick,` is for that nick, where it says something in the same log. Beside NAME.raw.txt stands
NAME.annotation.txt: lines `A B -` say that line B answers line A, both counted from 0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
ADDRESSED = re.compile(r"([^\s:,]+)(?=[:,](?:\s|$))")
_WHO = r'=== [^"]*\b'  # not what they say in leaving, in quotes: that may look like another event
EVENTS = {
    "joins": re.compile(rf"{_WHO}has joined #"),
    "departures": re.compile(rf"{_WHO}has (?:left #|quit\b)"),
    "renames": re.compile(rf"{_WHO}is now known as "),
    "other server events": re.compile(r"==="),
}
"""What is left out, by how its lines look: the first that fits."""
SAID = re.compile(r"\[(\d\d):(\d\d)\] (?:<(?P<nick>[^>]+)> ?(?P<text>.*)| \* (?P<actor>\S+) ?(?P<act>.*))")
HALF_A_DAY = timedelta(hours=12)
DISORDER = timedelta(hours=1)  # a clock that goes back less was set, or its lines are mixed up
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Line:
    """One message: its line counted from 0, who said what, when; `done`: they did what it says. `to` is the nick it
    begins with, as it was typed. `answers` is the line it answers."""

    number: int
    at: datetime
    nick: str
    text: str
    done: bool
    to: str | None
    answers: int | None


@dataclass(frozen=True)
class Log:
    """The messages of a file, and how many of its other lines were left out, by what they are."""

    lines: list[Line]
    skipped: Counter[str]


def read(file: Path) -> Log:
    """A log with its annotations. Times rise strictly: the n-th message of a minute stands n milliseconds into it.

    Raises OSError and UnicodeError, and ValueError when the name does not begin with a date.
    """
    skipped: Counter[str] = Counter()
    said: dict[int, tuple[datetime, str, str, bool]] = {}
    clock = _Clock(_day(file.name))
    for number, text in enumerate(file.read_text(encoding="utf-8").rstrip("\n").split("\n")):
        found = SAID.fullmatch(text)
        if found is None:
            skipped[_event(text)] += 1
            continue
        nick = (found["nick"] or found["actor"]).strip()
        words = found["text"] if found["nick"] else found["act"]
        if words.strip():
            said[number] = (clock.at(int(found[1]), int(found[2])), nick, words, not found["nick"])
        else:
            skipped["empty messages"] += 1
    answers = dict(_answers(file, said.keys()))
    nicks = {nick.lower() for _at, nick, _words, _done in said.values()}
    return Log([Line(number, *what, _to(what, nicks), answers.get(number)) for number, what in said.items()], skipped)


class _Clock:
    """The moments of a log that tells only hours and minutes."""

    def __init__(self, day: datetime) -> None:
        self._day, self._last = day, day - TICK

    def at(self, hour: int, minute: int) -> datetime:
        """This time of day, after the last one asked for. A clock that went far back has passed midnight, or noon where
        it counts to twelve: half days are added until it fits."""
        told = self._day + timedelta(hours=hour, minutes=minute)
        while told < self._last - DISORDER:
            self._day += HALF_A_DAY
            told += HALF_A_DAY
        self._last = max(told, self._last + TICK)
        return self._last


def _event(text: str) -> str:
    return next((what for what, form in EVENTS.items() if form.match(text)), "lines of no known form")


def _to(what: tuple[datetime, str, str, bool], nicks: Collection[str]) -> str | None:
    """Whom the words are for. Not what is done: "ada: waves" there is no address."""
    found = None if what[3] else ADDRESSED.match(what[2])
    return found[1] if found and found[1].lower() in nicks else None


def _day(name: str) -> datetime:
    found = DATE.match(name)
    if found is None:
        raise ValueError("the file's name must begin with the date, as in 2004-12-25.raw.txt")
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _answers(file: Path, messages: Collection[int]) -> Iterator[tuple[int, int]]:
    """(line, the line it answers) where both are messages; of several the last one named."""
    annotations = file.with_name(file.name.replace(".raw.", ".annotation."))
    if annotations == file or not annotations.exists():
        return
    known = set(messages)
    for text in annotations.read_text(encoding="utf-8").splitlines():
        earlier, later = (int(one) for one in text.split()[:2])
        if earlier < later and {earlier, later} <= known:
            yield later, earlier
