"""Groups that anyone may find and join, and coming into one by oneself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from chatsite.errors import Conflict, Forbidden, NotFound
from chatsite.types import ObjectId, UserId, object_id
from messaging import broadcasts, signals
from messaging.documents import Conversation
from messaging.repositories import changes, conversations
from messaging.repositories import rooms as stored
from messaging.repositories.changes import Effect
from messaging.repositories.conversations import Position
from messaging.services import inbox
from messaging.services.conversations import MEMBERS_MAX, new_seat

PAGE = 30  # rooms
SEARCH_MAX = 100  # characters


@dataclass(frozen=True)
class Rooms:
    """A page of rooms, liveliest first. `next` is the word that continues after them; None where nothing follows."""

    rooms: list[Conversation]
    next: str | None


def page(search: str = "", after: Position | None = None, limit: int = PAGE) -> Rooms:
    """The rooms that anyone may join, with `search` in their name or description; `after` as `inbox.position` gives."""
    found = stored.page(" ".join(search.split())[:SEARCH_MAX], limit + 1, after)
    return Rooms(found[:limit], inbox.word(found[limit - 1]) if len(found) > limit else None)


def join(me: UserId, conversation_id: ObjectId | str) -> Conversation:
    """Takes a seat in a public room. Who has one keeps it. Raises NotFound for what is no public room, and Forbidden
    for those who were removed from it and where it is full."""
    found = stored.public(object_id(conversation_id))
    if found is None:
        raise NotFound(_("There is no such room."))
    return come_in(me, found, only_where=stored.OPEN)


def hindrance(me: UserId, room: Conversation) -> str:
    """Why somebody cannot come in by themselves: "removed" or "full"; "" where they can."""
    if me in (room.removed or ()):
        return "removed"
    return "full" if len(room.participants) >= MEMBERS_MAX else ""


def words(hindrance: str) -> str:
    if hindrance == "removed":
        return _("You were removed from this group. Ask one of its admins to add you again.")
    return _("This group is full: it has %(most)d members.") % {"most": MEMBERS_MAX}


def come_in(
    me: UserId,
    room: Conversation,
    besides: Effect = lambda session: None,
    only_where: Mapping[str, object] = MappingProxyType({}),
) -> Conversation:
    """Takes a seat by oneself, together with what is written `besides`. Raises Forbidden and Conflict."""
    if me in room.participants:
        return room
    if why := hindrance(me, room):
        raise Forbidden(words(why))
    seat, details = new_seat(room, me), {"user_id": str(me)}
    try:
        change, after = changes.record(
            room.id,
            "member_joined",
            me,
            lambda session: stored.admit(session, seat, MEMBERS_MAX, only_where, besides),
            details,
        )
    except Conflict:
        now_is = conversations.of_member(room.id, me)  # twice at once: by another tab
        if now_is is None:
            raise
        return now_is
    broadcasts.conversation_changed(after, change)
    broadcasts.seat_taken(after, me, change.rev)
    signals.member_added.send_robust(sender=Conversation, conversation=after, user_id=me, by=me)
    return after
