"""How a person has a conversation for themself, on all their devices: muted, pinned, archived, marked unread."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from django.utils.translation import gettext as _

from chatsite.clock import now
from chatsite.errors import Invalid, NotFound
from chatsite.types import ObjectId, UserId
from messaging import access, broadcasts
from messaging.access import Seat
from messaging.documents import FOREVER, Level, Membership
from messaging.repositories import arrangements, messages
from messaging.repositories.arrangements import Value
from messaging.services import receipts

MUTE_MIN, MUTE_MAX = 60, 366 * 24 * 3600  # seconds
EVERYTHING = 2**53  # beyond any seq


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become different; None: it stays. `mute_for` is in seconds and says how long `muted` lasts, None:
    until it is taken back. `unread` False reads all there is."""

    muted: bool | None = None
    mute_for: int | None = None
    pinned: bool | None = None
    archived: bool | None = None
    unread: bool | None = None
    level: Level | None = None


def arrange(me: UserId, conversation_id: ObjectId | str, wish: Wish) -> Membership:
    """Arranges it as wished and tells all devices of this person. Raises NotFound and Invalid."""
    if wish.mute_for is not None and not (wish.muted and MUTE_MIN <= wish.mute_for <= MUTE_MAX):
        words = _("Mute it for a minute to a year.")
        raise Invalid(words, fields={"mute_for": [words]})
    seat = access.conversation(me, conversation_id)
    if wish.unread is False:
        receipts.mark(me, seat.conversation.id, "read", EVERYTHING)
    after = seat.membership
    if fields := _fields(seat, wish):
        found = arrangements.put(seat.conversation.id, me, fields)
        if found is None:
            raise NotFound(_("There is no such conversation."))
        after = found
        broadcasts.membership_changed(after, seat.conversation.last_seq)
    return after


def _fields(seat: Seat, wish: Wish) -> dict[str, Value]:
    """The fields of the seat that change."""
    moment, fields = now(), dict[str, Value]()
    if wish.muted is not None:
        fields["muted_until"] = _until(wish) if wish.muted else None
        if not seat.membership.archived(messages.head(seat.conversation.id), moment):
            fields["archived_seq"] = None  # what had come back must not go again because it falls silent
    if wish.pinned is not None:
        fields["pinned_at"] = moment if wish.pinned else None
        fields["archived_seq"] = None
    if wish.archived is not None:
        fields["archived_seq"] = messages.head(seat.conversation.id) if wish.archived else None
        fields |= {"pinned_at": None} if wish.archived else {}
    if wish.unread is not None:
        fields["marked_unread"] = wish.unread or None
    if wish.level is not None:
        fields["level"] = None if wish.level == "all" else wish.level
    return fields


def _until(wish: Wish) -> Value:
    return FOREVER if wish.mute_for is None else now() + timedelta(seconds=wish.mute_for)


def opened(seat: Seat) -> None:
    """Somebody opens the conversation: the mark that it is unread goes. Nothing is asked where there is none."""
    if not seat.membership.marked_unread:
        return
    after = arrangements.put(seat.conversation.id, seat.me, {"marked_unread": None})
    if after is not None:
        broadcasts.membership_changed(after, seat.conversation.last_seq)


def read_all(me: UserId) -> None:
    """Everything was read, and what was marked unread is so no more. Waits for the write."""
    receipts.mark_all(me)
    unmarked = arrangements.unmark(me)
    heads = messages.heads([one.conversation_id for one in unmarked])
    for one in unmarked:
        broadcasts.membership_changed(one, heads[one.conversation_id])
