"""What somebody typed into the search field. What is half typed or wrong is left out and said, never refused."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from messaging.search.needles import Needle, needle

QUERY_MAX = 400  # characters; what is beyond is not looked at
NEEDLES_MAX = 12
KINDS = ("link", "file", "image")
KEYS = ("from", "in", "has", "before", "after")

_PART = re.compile(
    r"(?P<key>from|in|has|before|after):(?:\"(?P<quoted>[^\"]*)(?P<close>\"?)|(?P<value>\S*))"
    r"|\"(?P<phrase>[^\"]*)(?P<end>\"?)|(?P<word>[^\s\"]+)",
    re.IGNORECASE,
)


class Filter(NamedTuple):
    """One `key:value`. `value` is empty while it is half typed; `rest` is the query without it."""

    key: str
    value: str
    rest: str


class Query(NamedTuple):
    text: str
    needles: tuple[Needle, ...]
    filters: tuple[Filter, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for yet."""
        return not self.needles and not any(one.value for one in self.filters)

    def values(self, key: str) -> list[str]:
        return [one.value for one in self.filters if one.key == key and one.value]


def parse(text: str) -> Query:
    """Takes a query apart. The last word may be unfinished, unless a space or a quotation mark ends it."""
    text = text.replace("\0", " ")[:QUERY_MAX]
    needles: list[Needle] = []
    filters: list[Filter] = []
    for found in _PART.finditer(text):
        key = found["key"]
        if key:
            rest = " ".join((text[: found.start()] + text[found.end() :]).split())
            filters.append(Filter(key.lower(), _value(found), rest))
            continue
        quoted = found["phrase"] is not None
        unfinished = found.end() == len(text) and not found["end"]
        wanted = needle(found["phrase"] if quoted else found["word"], unfinished=unfinished)
        if wanted is not None:
            needles.append(wanted)
    return Query(text, tuple(dict.fromkeys(needles))[:NEEDLES_MAX], tuple(filters))


def _value(found: re.Match[str]) -> str:
    value = found["quoted"] if found["quoted"] is not None else found["value"]
    return value.strip().removeprefix("@") if found["key"].lower() in ("from", "in") else value.strip().lower()


def day(text: str) -> date | None:
    """A date as it is typed, `2026-01-31`; a year or a month stand for their first day. None for anything else."""
    parts = text.split("-")
    if not 1 <= len(parts) <= 3 or not all(one.isascii() and one.isdigit() for one in parts) or len(parts[0]) != 4:
        return None
    try:
        return date(*(int(one) for one in [*parts, "1", "1"][:3]))
    except ValueError:
        return None
