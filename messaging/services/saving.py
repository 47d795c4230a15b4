"""Messages one keeps at hand for oneself. Those one may not read any more are not shown, until one may again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chatsite.errors import ChatError, Conflict, Invalid, NotFound
from chatsite.types import ObjectId, UserId, object_id
from chatsite.web.pagination import pack, unpack
from messaging import access, broadcasts
from messaging.documents import Conversation, Message, Saved
from messaging.repositories import messages as log
from messaging.repositories import saved
from messaging.services import messages

PAGE, PAGE_MAX = 30, 100  # messages


@dataclass(frozen=True)
class Kept:
    """A saved message, and where it was said."""

    saved: Saved
    message: Message
    conversation: Conversation


@dataclass(frozen=True)
class Page:
    """Last saved first. `next` is the word that continues after them; None where nothing follows."""

    kept: list[Kept]
    next: str | None


def save(me: UserId, message_id: ObjectId | str) -> tuple[Kept, bool]:
    """Keeps a message; True when it was not kept before. Raises NotFound, and Conflict for a deleted one."""
    message = messages.one(me, message_id)
    if message.deleted_at is not None:
        raise Conflict(_("This message was deleted."))
    kept, fresh = saved.put(me, message)
    if fresh:
        broadcasts.message_saved(message.conversation_id, message.id, me, on=True)
    here = access.conversation(me, message.conversation_id).conversation
    return Kept(kept, message, here), fresh


def drop(me: UserId, message_id: ObjectId | str) -> None:
    """Keeps it no longer, whether it may still be read or not. Raises NotFound where it was not kept."""
    gone = saved.remove(me, object_id(message_id))
    if gone is None:
        raise NotFound(_("This message is not among those you saved."))
    broadcasts.message_saved(gone.conversation_id, gone.message_id, me, on=False)


def one(me: UserId, message_id: ObjectId | str) -> Kept:
    """Raises NotFound where it is not kept, or may not be read."""
    message = messages.one(me, message_id)
    found = saved.one(me, message.id)
    if found is None:
        raise NotFound(_("This message is not among those you saved."))
    here = access.conversation(me, message.conversation_id).conversation
    return Kept(found, message, here)


def page(me: UserId, cursor: str = "", limit: int = PAGE) -> Page:
    """Those that may be read, `limit` at a time; `cursor` is the `next` of the page before. Raises Invalid."""
    limit = max(1, min(limit, PAGE_MAX))
    found: list[Kept] = []
    for kept in _readable(me, _place(cursor), limit):
        found.append(kept)
        if len(found) > limit:
            break
    following = pack(str(found[limit - 1].saved.id)) if len(found) > limit else None
    shown = messages.as_seen(me, [one.message for one in found[:limit]])
    return Page(
        [Kept(one.saved, message, one.conversation) for one, message in zip(found, shown, strict=False)], following
    )


def everything(me: UserId) -> Iterator[Kept]:
    """All that may be read, last saved first."""
    return _readable(me, None, PAGE_MAX)


def forget(me: UserId) -> None:
    """They are about to be deleted."""
    saved.remove_all(me)


def _readable(me: UserId, place: ObjectId | None, at_once: int) -> Iterator[Kept]:
    mine = access.conversations_of(me)
    while batch := saved.before(me, place, at_once + 1):
        place = batch[-1].id
        there = log.by_ids([one.message_id for one in batch if one.conversation_id in mine])
        for one in batch:
            message = there.get(one.message_id)
            if message is not None and message.deleted_at is None and me not in (message.hidden_for or ()):
                yield Kept(one, message, mine[one.conversation_id])


def _place(cursor: str) -> ObjectId | None:
    if not cursor:
        return None
    try:
        return object_id(unpack(cursor, 1)[0])
    except ChatError:
        words = _("This page does not exist.")
        raise Invalid(words, fields={"cursor": [words]}) from None
