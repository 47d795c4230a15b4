"""What somebody has begun to write in a conversation: theirs alone, the same on all of their devices."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chatsite.clock import now
from chatsite.errors import Conflict, TooLarge
from chatsite.types import ObjectId, UserId, object_id
from messaging import access, broadcasts
from messaging.documents import DRAFT_MAX, SeatDraft
from messaging.repositories import seat_drafts
from messaging.services.messages import check_storable


def keep(me: UserId, conversation_id: ObjectId | str, text: str, reply_to: ObjectId | str | None = None) -> SeatDraft:
    """Keeps this in place of what was there; nothing at all is kept as nothing. The last one who writes wins.

    Raises NotFound, Invalid, TooLarge, and Conflict where another device wrote in the same millisecond.
    """
    here = access.conversation(me, conversation_id).conversation.id
    if len(text) > DRAFT_MAX:
        raise TooLarge(_("A draft has at most %(most)d characters.") % {"most": DRAFT_MAX})
    check_storable(text)
    fresh = SeatDraft(text=text, reply_to=None if reply_to is None else object_id(reply_to), updated_at=now())
    if not text and reply_to is None:
        changed = seat_drafts.remove(here, me)
    elif not seat_drafts.put(here, me, fresh):
        raise Conflict(_("Another of your devices was faster."))
    else:
        changed = True
    if changed:
        broadcasts.draft_changed(here, me, fresh)
    return fresh


def of(me: UserId, conversation_id: ObjectId | str) -> SeatDraft | None:
    """Raises NotFound."""
    return access.conversation(me, conversation_id).membership.draft


def sent(me: UserId, here: ObjectId) -> None:
    """What was begun here is said, or was put off: nothing is left of it."""
    if seat_drafts.remove(here, me):
        broadcasts.draft_changed(here, me, SeatDraft(text="", updated_at=now()))
