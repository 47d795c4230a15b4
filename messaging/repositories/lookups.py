"""Questions to the index of search. What they ask for follows what they find, not the length of the logs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from pymongo.errors import ExecutionTimeout

from chatsite import mongo
from chatsite.errors import Unavailable
from chatsite.mongo.codec import from_bson
from chatsite.types import ObjectId
from messaging.documents import Message
from messaging.repositories.blocks import search_blocks
from messaging.search import lines
from messaging.search.needles import Term

SPOT = {"conversation_id": 1, "number": 1, "first_at": 1, "last_at": 1, "_id": 0}  # in the index: no block is read
BODY = {"conversation_id": 1, "number": 1, "senders": 1, "first_at": 1, "times": 1, "lines": 1, "_id": 0}


BY_PLACE = "conversation_id_1_number_1"
BY_SEQ = "conversation_id_1_seq_1"
BY_TERM = "conversation_id_1_terms_1_number_1"
BY_NUMBER = "conversation_id_1_number_1_last_at_1_first_at_1"
BY_TIME = "conversation_id_1_last_at_1_first_at_1_number_1"
PLACE = {"conversation_id": 1, "number": 1, "_id": 0}

Place = tuple[ObjectId, int]
"""The conversation, and the number of a block or message in it."""


class Spot(NamedTuple):
    """A block, and the time that its messages span."""

    here: ObjectId
    number: int
    first_at: datetime
    last_at: datetime


class Span(NamedTuple):
    """From when, inclusive, and until when, exclusive."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def asked(self) -> dict[str, Any]:
        # what only asks whether there is a date would have every block read
        asked: dict[str, Any] = {"last_at": {"$gte": self.since} if self.since else {"$type": "date"}}
        return asked | ({"first_at": {"$lt": self.until}} if self.until else {})


class Lookup:
    """The questions of one search, in these conversations and this span. No answer takes longer than the `seconds`."""

    def __init__(self, ids: Sequence[ObjectId], span: Span, seconds: float) -> None:
        self._where: dict[str, Any] = {"conversation_id": {"$in": list(ids)}}
        self._span = span.asked
        self._milliseconds = max(1, int(seconds * 1000))

    def newest(self, skip: int, most: int) -> list[Spot]:
        """Blocks whatever is in them, those with the latest message first."""
        return self._spots({**self._where, **self._span}, BY_TIME, skip=skip, limit=most)

    def having(self, term: Term, most: int) -> set[Place] | None:
        """All blocks with this term, whatever their time; None where there are more than `most`."""
        found: set[Place] = set()
        for wanted in ({"$regex": f"^{re.escape(term.text)}"} if term.begins else term.text, lines.ANY):
            asked = {**self._where, "terms": wanted}
            with _bounded():
                read = search_blocks().find(asked, PLACE, limit=most + 1, hint=BY_TERM, max_time_ms=self._milliseconds)
                found |= {(one["conversation_id"], one["number"]) for one in read}
        return None if len(found) > most else found

    def spots(self, places: Collection[Place]) -> list[Spot]:
        """Those of these blocks that are in the span, the one with the latest message first."""
        found = self._spots({**_at(places, "number"), **self._span}, BY_NUMBER, sort=False) if places else []
        return sorted(found, key=lambda spot: spot.last_at, reverse=True)

    def read(self, spots: Sequence[Spot]) -> dict[tuple[ObjectId, int], dict[str, Any]]:
        """The blocks themselves: senders, first moment, times and lines, by conversation and number."""
        if not spots:
            return {}
        asked = {**_at([(one.here, one.number) for one in spots], "number"), "version": lines.VERSION}
        with _bounded():
            found = search_blocks().find(asked, BODY, hint=BY_PLACE, max_time_ms=self._milliseconds).to_list()
        return {(one["conversation_id"], one["number"]): one for one in found}

    def _spots(
        self, asked: dict[str, Any], index: str, *, limit: int = 0, skip: int = 0, sort: bool = True
    ) -> list[Spot]:
        order = [("last_at", -1)] if sort else None
        with _bounded():
            found = search_blocks().find(
                asked, SPOT, sort=order, skip=skip, limit=limit, hint=index, max_time_ms=self._milliseconds
            )
            return [
                Spot(*(one[name] for name in ("conversation_id", "number", "first_at", "last_at"))) for one in found
            ]


def messages(places: Collection[Place]) -> dict[Place, Message]:
    """The messages at these places of the logs, by conversation and `seq`."""
    found = mongo.database()["messages"].find(_at(places, "seq"), hint=BY_SEQ).to_list() if places else []
    return {(one.conversation_id, one.seq): one for one in (from_bson(Message, each) for each in found)}


def _at(places: Collection[Place], name: str) -> dict[str, Any]:
    """What is at these places, the number of which is called `name`. A branch for each place would be eight times as
    dear, and so would be no hint: of each branch the server tries out which index is best for it."""
    numbers: defaultdict[ObjectId, list[int]] = defaultdict(list)
    for here, number in places:
        numbers[here].append(number)
    branches = [{"conversation_id": here, name: {"$in": some}} for here, some in numbers.items()]
    return branches[0] if len(branches) == 1 else {"$or": branches}


@contextmanager
def _bounded() -> Iterator[None]:
    try:
        yield
    except ExecutionTimeout as error:
        raise Unavailable(_("This search takes too long. Add a word, or say who wrote it, where or when.")) from error
