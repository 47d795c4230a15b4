"""Pages of what was found: the newest first, or the best of the newest."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from chatsite.errors import ChatError, Invalid, Unavailable
from chatsite.types import ObjectId, object_id
from chatsite.web.pagination import pack, unpack
from messaging.documents import Conversation, Message
from messaging.repositories import lookups
from messaging.search import lines
from messaging.services.messages import as_seen
from messaging.services.search.asking import Asked
from messaging.services.search.ranking import score
from messaging.services.search.scanning import Find, Scan

PAGE = 20  # hits
LIMIT_MAX = 50  # hits
BEST_AMONG = 500  # of the newest hits the best come first
SECONDS = 2.0  # that a search may take

Order = Literal["newest", "best"]


class Position(NamedTuple):
    """Where a page ended: everything after it is less. `score` is 0 where the newest come first."""

    score: float
    at: int
    here: ObjectId
    seq: int


@dataclass(frozen=True)
class Hit:
    """A message that was found, and the conversation it stands in."""

    message: Message
    conversation: Conversation


@dataclass(frozen=True)
class Results:
    """A page. `next` is the word that continues after it; None where nothing follows. `complete` is False where the
    time was up before everything was looked at, or where older messages are still to be taken into the index."""

    asked: Asked
    hits: Sequence[Hit]
    next: str | None
    complete: bool


def find(asked: Asked, order: Order = "newest", cursor: str = "", limit: int = PAGE) -> Results:
    """A page of hits. Raises Invalid for a cursor that is none, Unavailable where it took too long to find any."""
    after = _position(cursor)
    if asked.empty or asked.hopeless:
        return Results(asked, [], None, complete=True)
    scan = Scan(asked, time.monotonic() + SECONDS)
    ranked = _best(asked, scan) if order == "best" else _newest(scan, after)
    found = list(islice((one for one in ranked if after is None or one[0] < after), limit + 1))
    if not found and scan.late:
        raise Unavailable(_("This search takes too long. Add a word, or say who wrote it, where or when."))
    following = _word(found[limit - 1][0]) if len(found) > limit else None
    return Results(asked, _hits(asked, [one for _place, one in found[:limit]]), following, complete=scan.complete)


def _newest(scan: Scan, after: Position | None) -> Iterator[tuple[Position, Find]]:
    for one in scan.finds(after.at if after else None):
        yield Position(0, one.at, one.here, one.seq), one


def _best(asked: Asked, scan: Scan) -> list[tuple[Position, Find]]:
    newest = islice(scan.finds(), BEST_AMONG)
    ranked = [(Position(score(asked.needles, one.line), one.at, one.here, one.seq), one) for one in newest]
    return sorted(ranked, key=lambda pair: pair[0], reverse=True)


def _hits(asked: Asked, found: Sequence[Find]) -> list[Hit]:
    """The messages as they are now: one that was edited or deleted a moment ago may not be meant any more."""
    stored = lookups.messages([(one.here, one.seq) for one in found])
    read = [stored[one.here, one.seq] for one in found if (one.here, one.seq) in stored]
    meant = as_seen(asked.me, [one for one in read if _still(asked, one)])
    return [Hit(one, asked.mine[one.conversation_id]) for one in meant]


def _still(asked: Asked, message: Message) -> bool:
    line = lines.of_message(message)
    there = line and asked.me not in (message.hidden_for or ())
    return bool(there) and all(one.text in line for one in asked.needles)


def _word(last: Position) -> str:
    return pack(repr(last.score), str(last.at), str(last.here), str(last.seq))


def _position(word: str) -> Position | None:
    if not word:
        return None
    parts = unpack(word, 4)
    try:
        return Position(float(parts[0]), int(parts[1]), object_id(parts[2]), int(parts[3]))
    except (ValueError, ChatError):
        raise Invalid(_("This page does not exist."), fields={"cursor": [_("This page does not exist.")]}) from None
