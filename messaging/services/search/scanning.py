"""Walks through the blocks in which something may stand, the newest first."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from chatsite.types import ObjectId
from messaging.documents import BLOCK
from messaging.repositories import blocks, messages
from messaging.repositories.indexer import indexer
from messaging.repositories.lookups import Lookup, Place, Spot
from messaging.search import lines
from messaging.search.needles import Term
from messaging.services.search.asking import Asked

GLANCE = 4  # blocks looked at before the index is asked: what is common stands in them
AT_ONCE = 32  # blocks read with one question
RARE = 5_000  # entries of the index that are read to know all blocks of a word
TAIL_MAX = 512  # messages of a log that are searched though they are not in the index yet


class Find(NamedTuple):
    """A line that fits. `at` is in milliseconds since 1970."""

    at: int
    here: ObjectId
    seq: int
    line: str


class Scan:
    """One search through the index. After it `late` says that its time was up, `complete` that all was looked at."""

    def __init__(self, asked: Asked, until: float) -> None:
        self._asked = asked
        self._until = until
        self._since = _milliseconds(asked.span.since)
        self._before = _milliseconds(asked.span.until)
        self.late = False
        self.complete = True

    def finds(self, at: float | None = None) -> Iterator[Find]:
        """All that fits, the newest first; with `at` only what is not later than that."""
        span = self._asked.span
        if at is not None:
            until = datetime.fromtimestamp((at + 1) / 1000, UTC)
            span = span._replace(until=min(until, span.until) if span.until else until)
        self._before = _milliseconds(span.until)
        ready = [(-one.at, *self._order(one), one) for one in self._fresh()]
        heapq.heapify(ready)
        for spot, block in self._blocks(Lookup(self._asked.where, span, self._until - time.monotonic())):
            yield from _until_then(ready, spot.last_at.timestamp() * 1000)
            for one in self._fitting(block, spot.here, spot.number * BLOCK):
                heapq.heappush(ready, (-one.at, *self._order(one), one))
        yield from _until_then(ready, None)

    @staticmethod
    def _order(one: Find) -> tuple[bytes, int]:
        """Of one moment, the higher id and number first."""
        return bytes(255 - byte for byte in one.here.binary), -one.seq

    def _fresh(self) -> list[Find]:
        """What is not in the index yet."""
        where = self._asked.where
        upto, heads = blocks.upto(where), messages.heads(where)
        found: list[Find] = []
        for here in (one for one in where if heads[one] > upto[one]):
            indexer.add([here])
            self.complete &= heads[here] - upto[here] <= TAIL_MAX
            tail = blocks.tail(here, upto[here], TAIL_MAX)
            block = {name: getattr(tail, name) for name in ("senders", "first_at", "times", "lines")}
            found += self._fitting(block, here, tail.upto - len(tail.times) + 1)
        return found

    def _blocks(self, lookup: Lookup) -> Iterator[tuple[Spot, dict[str, Any]]]:
        """Blocks in which something may stand, by their last message: first a few whatever is in them, then those that
        the index knows of, or all where every word is common."""
        glance = lookup.newest(0, GLANCE)
        yield from self._read(lookup, glance)
        if len(glance) < GLANCE:
            return
        named = self._named(lookup)
        if named is not None:
            rest = lookup.spots(named - {(spot.here, spot.number) for spot in glance})
            for first in range(0, len(rest), AT_ONCE):
                yield from self._read(lookup, rest[first : first + AT_ONCE])
            return
        seen = GLANCE
        while spots := lookup.newest(seen, AT_ONCE):
            yield from self._read(lookup, spots)
            seen += len(spots)

    def _named(self, lookup: Lookup) -> set[Place] | None:
        """All blocks that have every term that is not everywhere; None where all are."""
        found: set[Place] | None = None
        for wanted in self._terms():
            if self._is_late():
                break
            places = lookup.having(wanted, RARE)
            if places is not None:
                found = places if found is None else found & places
        return found

    def _terms(self) -> list[Term]:
        asked = self._asked
        terms = [one for needle in asked.needles for one in needle.terms]
        terms += [Term(lines.has(kind)) for kind in asked.kinds]
        if asked.senders is not None and len(asked.senders) == 1:
            terms += [Term(lines.sent_by(one)) for one in asked.senders]
        return list(dict.fromkeys(terms))

    def _read(self, lookup: Lookup, spots: Sequence[Spot]) -> Iterator[tuple[Spot, dict[str, Any]]]:
        if self._is_late():
            return
        read: Mapping[tuple[ObjectId, int], dict[str, Any]] = lookup.read(spots)
        for spot in spots:
            if block := read.get((spot.here, spot.number)):
                yield spot, block

    def _is_late(self) -> bool:
        if time.monotonic() > self._until:
            self.late, self.complete = True, False
        return self.late

    def _fitting(self, block: Mapping[str, Any], here: ObjectId, first: int) -> list[Find]:
        """The lines of a block that fit; `first` is the number of its first message."""
        wanted = [one.text for one in self._asked.needles]
        wanted += [f" {lines.has(kind)} " for kind in self._asked.kinds]
        text: str = block["lines"]
        if not text or not all(one in text for one in wanted):
            return []
        writers = self._writers(block["senders"])
        began = blocks.milliseconds(block["first_at"])
        return [
            Find(at, here, first + place, row)
            for place, row in _rows(text, wanted)
            if self._within(at := began + block["times"][place])
            and (writers is None or row[row.rindex("@") :] in writers)
        ]

    def _writers(self, senders: Sequence[str]) -> set[str] | None:
        """How the lines end whose writers are meant; None: all are."""
        asked = self._asked
        if asked.senders is None and not asked.away.intersection(senders):
            return None
        meant = (asked.senders is None or one in asked.senders for one in senders)
        pairs = zip(senders, meant, strict=True)
        return {lines.by(place) for place, (one, yes) in enumerate(pairs) if yes and one not in asked.away}

    def _within(self, at: int) -> bool:
        return (self._since is None or at >= self._since) and (self._before is None or at < self._before)


def _rows(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines with all that is wanted in them, by place; without the empty ones. Goes from one place where the
    longest of it stands, which is the rarest as a rule, to the next: what is between them is not looked at."""
    sought = max(wanted, key=len, default=" ")
    place, start, found = 0, 0, text.find(sought)
    while found >= 0:
        place += text.count("\n", start, found)
        start = text.rfind("\n", start, found) + 1 or start
        end = text.find("\n", found)
        row = text[start:] if end < 0 else text[start:end]
        if all(one in row for one in wanted):
            yield place, row
        if end < 0:
            return
        place, start = place + 1, end + 1
        found = text.find(sought, start)


def _milliseconds(moment: datetime | None) -> float | None:
    return None if moment is None else round(moment.timestamp() * 1000, 1)


def _until_then(ready: list[Any], last: float | None) -> Iterator[Find]:
    """Takes out what is later than `last`: nothing that is still to come can be. What came into the index since the log
    was looked at is there twice."""
    while ready and (last is None or -ready[0][0] > last):
        found: Find = heapq.heappop(ready)[-1]
        while ready and ready[0][-1][:3] == found[:3]:
            heapq.heappop(ready)
        yield found
