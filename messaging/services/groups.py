"""How a group presents itself: what it says of itself, whether anyone may join. Its owner and admins decide."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chatsite.errors import Invalid
from chatsite.types import ObjectId, UserId
from messaging import broadcasts
from messaging.access import Seat
from messaging.documents import DESCRIPTION_MAX, ChangeKind, Conversation
from messaging.repositories import changes, rooms
from messaging.services.conversations import group_seat

Looks = dict[str, str | bool | None]


def describe(me: UserId, conversation_id: ObjectId | str, text: str) -> Conversation:
    """What the group is about; nothing takes it away. Raises NotFound, Forbidden, Invalid."""
    seat, wanted = group_seat(me, conversation_id), check_description(text)
    if wanted == seat.conversation.description:
        return seat.conversation
    return look(seat, "described", {"description": wanted})


def publish(me: UserId, conversation_id: ObjectId | str, public: bool) -> Conversation:
    """Lets anyone find and join the group, or no more. Raises NotFound, Forbidden, Invalid."""
    seat = group_seat(me, conversation_id)
    if public == bool(seat.conversation.public):
        return seat.conversation
    return look(seat, "published", {"public": public or None})


def look(seat: Seat, kind: ChangeKind, fields: Looks) -> Conversation:
    """Writes it into the log of changes and tells everyone in the group."""
    here, details = seat.conversation.id, {name: one for name, one in fields.items() if name != "avatar_url"}
    details |= {"public": bool(fields["public"])} if "public" in fields else {}
    change, after = changes.record(here, kind, seat.me, lambda session: rooms.look(session, here, fields), details)
    broadcasts.conversation_changed(after, change)
    return after


def check_description(text: str) -> str | None:
    """A few visible lines; None for nothing. Raises Invalid."""
    wanted = "\n".join(line.strip() for line in text.strip().splitlines())
    if len(wanted) > DESCRIPTION_MAX or not all(one.isprintable() or one == "\n" for one in wanted):
        detail = _("At most %(most)d visible characters.") % {"most": DESCRIPTION_MAX}
        raise Invalid(detail, fields={"description": [detail]})
    return wanted or None
