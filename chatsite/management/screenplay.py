"""Reads the conversations of the demo, which are written like plays.

A head of `group: NAME` or `private: ONE OTHER`, `people: …` with the owner first, `unread: WHO HOW-MANY`. Then scenes,
each with its time (`= 6 days ago, 18:02` or `= 25 minutes ago`), and in them lines `who: text`. What is indented goes
on with the line before, and `who^3: text` answers the third line above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

HEAD = re.compile(r"(group|private|people|unread): (.+)")
DAYS = re.compile(r"= (\d+) days? ago, (\d\d):(\d\d)")
MINUTES = re.compile(r"= (\d+) minutes ago")
SAID = re.compile(r"(\w+)(?:\^(\d+))?: (.+)")
BREATH = 17  # seconds between two lines, at least
WIDEST = 61  # seconds more, at most


@dataclass
class Line:
    """`answers` is the place of the line it answers, counted from 0."""

    who: str
    text: str
    at: datetime
    answers: int | None


@dataclass
class Play:
    """A conversation. `name` is that of the group, None for a private one; the first of `people` owns it."""

    key: str
    name: str | None = None
    people: list[str] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def read(file: Path, now: datetime) -> Play:
    """The play, ending just before `now`. Raises ValueError, naming the line that is not understood."""
    play, clock = Play(key=file.stem), now
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if text.startswith("    "):
            play.lines[-1].text += "\n" + text[4:]
        elif found := HEAD.fullmatch(text):
            _head(play, found[1], found[2])
        elif found := DAYS.fullmatch(text):
            clock = _clock(now, int(found[1]), int(found[2]), int(found[3]))
        elif found := MINUTES.fullmatch(text):
            clock = now - timedelta(minutes=int(found[1]))
        elif found := SAID.fullmatch(text):
            place = len(play.lines)
            play.lines.append(Line(found[1], found[3], clock, place - int(found[2]) if found[2] else None))
            clock += timedelta(seconds=BREATH + place * 37 % WIDEST)
        elif text.strip():
            raise ValueError(f"{file.name}, line {number}: {text}")
    return play


def _head(play: Play, what: str, value: str) -> None:
    if what == "group":
        play.name = value
    elif what == "unread":
        who, count = value.split()
        play.unread[who] = int(count)
    else:
        play.people = value.split()


def _clock(now: datetime, days: int, hour: int, minute: int) -> datetime:
    day = now - timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
