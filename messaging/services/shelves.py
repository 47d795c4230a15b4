"""What a conversation has gathered: its files, its links, what is pinned. By cursor, the newest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from chatsite.errors import Invalid
from chatsite.types import ObjectId, UserId
from chatsite.web.pagination import pack, unpack
from messaging import access
from messaging.documents import Message
from messaging.repositories import pins as stored
from messaging.services import pace, search
from messaging.services.messages import as_seen

PAGE = 30  # messages
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

Kind = Literal["file", "link"]


@dataclass(frozen=True)
class Shelf:
    """Messages, the newest first. `next` is the word that continues after them; None where nothing follows. `complete`
    is False where older ones are still to be taken into the index."""

    messages: list[Message]
    next: str | None
    complete: bool = True


def having(me: UserId, conversation_id: ObjectId | str, kind: Kind, cursor: str = "") -> Shelf:
    """The messages with files or with links, as search has them. Raises NotFound, Invalid, TooFast, Unavailable."""
    here = access.conversation(me, conversation_id).conversation.id
    pace.searching.take(me)
    asked = replace(search.ask(me, f"has:{kind}"), where=[here])
    found = search.find(asked, "newest", cursor, PAGE)
    return Shelf([one.message for one in found.hits], found.next, found.complete)


def pins(me: UserId, conversation_id: ObjectId | str, cursor: str = "", limit: int = PAGE) -> Shelf:
    """What is pinned, that which was pinned last first. Raises NotFound and Invalid."""
    here = access.conversation(me, conversation_id).conversation.id
    found = stored.page(here, _place(cursor), limit + 1)
    shown = found[:limit]
    seen = [one for one in as_seen(me, shown) if not one.hidden_for]
    return Shelf(seen, _word(shown[-1]) if len(found) > limit else None)


def _word(last: Message) -> str:
    return pack(str(((last.pinned_at or EPOCH) - EPOCH) // MILLISECOND), str(last.seq))


def _place(cursor: str) -> stored.Place | None:
    if not cursor:
        return None
    at, seq = unpack(cursor, 2)
    try:
        return EPOCH + int(at) * MILLISECOND, int(seq)
    except (ValueError, OverflowError):
        raise Invalid(_("This page does not exist."), fields={"cursor": [_("This page does not exist.")]}) from None
