"""Message requests: what a stranger wrote waits for a yes. Until then they learn nothing of the other one.

Accepting, by a button or by answering, starts receipts and presence. Declining puts the conversation away: it is as if
the person were not in it, while to the stranger nothing changes; what they write goes on being stored and reaches
nobody. It comes back as a request when the person opens it themself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from chatsite.errors import NotFound
from chatsite.realtime import hub
from chatsite.types import ObjectId, UserId
from messaging import access, broadcasts
from messaging.documents import Conversation, Message, Pending
from messaging.repositories import conversations, requests
from messaging.services import attendance, receipts


def accept(me: UserId, conversation_id: ObjectId | str) -> None:
    """Says yes to who wrote here. Where there is nothing to say yes to, nothing happens. Raises NotFound."""
    seat = access.conversation(me, conversation_id)
    _accept(seat.conversation, me, ["waiting"])


def decline(me: UserId, conversation_id: ObjectId | str) -> None:
    """Puts the conversation away; its sender is not told. Raises NotFound where no request waits here."""
    here = access.conversation(me, conversation_id).conversation.id
    if not _answer(here, me, ["waiting"], "declined"):
        raise NotFound(_("There is no such request any more."))
    broadcasts.request_updated(here, me, "declined")
    broadcasts.seat_lost(here, me, "declined")


def reopen(me: UserId, conversation: Conversation) -> None:
    """Who opens what they declined has it back, as a request."""
    if _answer(conversation.id, me, ["declined"], "waiting"):
        broadcasts.seat_taken(conversation, me)


def befriended(one: UserId, other: UserId) -> None:
    """Friends have said yes to each other."""
    conversation = conversations.private_of(one, other)
    if conversation is not None:
        for me in (one, other):
            _accept(conversation, me, ["waiting", "declined"])


def tell_of_first(batch: Sequence[Message]) -> None:
    """A message that begins a conversation may be a request: its receiver's devices hear of it."""
    first = [one for one in batch if one.seq == 1]
    for here, people in requests.unanswered(one.conversation_id for one in first).items():
        for user in people:
            if requests.state(here, user) == "waiting":
                broadcasts.request_updated(here, user, "waiting")


def _accept(conversation: Conversation, me: UserId, was: Collection[Pending]) -> None:
    put_away = requests.state(conversation.id, me) == "declined"
    if not _answer(conversation.id, me, was, None):
        return
    if put_away:
        broadcasts.seat_taken(conversation, me)
    hub.order(me, accepted=str(conversation.id))
    broadcasts.request_updated(conversation.id, me, "accepted")
    _begin_receipts(conversation.id, me)
    if other := access.partner(conversation, me):
        attendance.introduce(me, other)


def _answer(here: ObjectId, me: UserId, was: Collection[Pending], now: Pending | None) -> bool:
    answered = requests.answer(here, me, was, now)
    access.forget_request(here, me)
    return answered


def _begin_receipts(here: ObjectId, me: UserId) -> None:
    """What was received and read while it waited is told now, as if it were then."""
    seat = conversations.seat(here, me)
    if seat is not None and seat.delivered_seq > 0:
        receipts.mark(me, here, "delivered", seat.delivered_seq)
        receipts.mark(me, here, "read", seat.read_seq)
