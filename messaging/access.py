"""The one door: turns (person, id) into what that person may have, or NotFound. Strangers get "not found"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts import policy
from chatsite.errors import Forbidden, NotFound
from chatsite.memory import Memory
from chatsite.postgres import absence
from chatsite.types import ObjectId, UserId, object_id
from messaging.documents import Conversation, Membership, Message
from messaging.repositories import conversations, messages


@dataclass(frozen=True)
class Seat:
    """A conversation, and the place this person has in it."""

    conversation: Conversation
    me: UserId

    @cached_property
    def membership(self) -> Membership:
        """How far they got and what they may do, read when asked for. Raises NotFound where they left meanwhile."""
        found = conversations.seat(self.conversation.id, self.me)
        if found is None:
            raise NotFound(_("There is no such conversation."))
        return found

    @property
    def partner(self) -> UserId | None:
        """The other one of a private conversation; oneself where that one's account is gone: nobody to write to."""
        if self.conversation.type != "private":
            return None
        return next((UserId(one) for one in self.conversation.participants if one != self.me), self.me)


def conversation(me: UserId, conversation_id: ObjectId | str) -> Seat:
    """The conversation, with this person's seat in it. Raises NotFound for strangers and for those who left."""
    found = conversations.of_member(object_id(conversation_id), me)
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return Seat(found, me)


def message(me: UserId, message_id: ObjectId | str) -> Message:
    """A message of a conversation this person is in. Raises NotFound otherwise."""
    found = messages.by_id(object_id(message_id))
    if found is None or conversations.seat(found.conversation_id, me) is None:
        raise NotFound(_("There is no such message."))
    return found


Pair = tuple[UserId, UserId]
_contacts: Memory[Pair, bool] = Memory()
"""Who may write to whom."""


def known_contact(me: UserId, other: UserId) -> bool | None:
    """Whether the two may write to each other, as far as it was asked within the last seconds; None: ask."""
    return _contacts.believed((me, other))


def check_contact(me: UserId, partner: UserId | None) -> None:
    """Raises Forbidden when the two of a private conversation may not write to each other. Does not say who blocked.

    While PostgreSQL is away, what was last known counts.
    """
    if partner is None:
        return
    if not _contacts.recall([(me, partner)], _ask)[me, partner]:
        raise Forbidden(_("You cannot write to each other."))


def _ask(pairs: list[Pair]) -> dict[Pair, bool]:
    return {pair: _may_contact(pair, _contacts.last(pair)) for pair in pairs}


def _may_contact(pair: Pair, known: bool | None) -> bool:
    if known is None:
        return policy.may_contact(*pair)
    return absence.or_known(lambda: policy.may_contact(*pair), known)
