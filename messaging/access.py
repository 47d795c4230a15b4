"""The one door: turns (person, id) into what that person may have, or NotFound. Strangers get "not found"."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts import policy
from accounts.policy import Answer
from accounts.services import facts
from chatsite.errors import Forbidden, NotFound
from chatsite.postgres import absence
from chatsite.types import ObjectId, UserId, object_id
from messaging.documents import Conversation, Membership, Message, Pending
from messaging.repositories import conversations, messages, requests

CONTACT_TTL = 1.5  # seconds a "may write to each other" is believed: a block must show within two
CONTACTS_MAX = 50_000


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
        """The other one of a private conversation."""
        return partner(self.conversation, self.me)

    @property
    def waiting(self) -> bool:
        """Whether what a stranger wrote here waits for this person's yes."""
        return self.conversation.type == "private" and _request(self.conversation.id, self.me) == "waiting"


def partner(conversation: Conversation, me: UserId) -> UserId | None:
    """The other one of a private conversation."""
    if conversation.type != "private":
        return None
    return next((UserId(one) for one in conversation.participants if one != me), None)


def conversation(me: UserId, conversation_id: ObjectId | str) -> Seat:
    """The conversation, with this person's seat in it. Raises NotFound for strangers and for those who left, and for a
    private one while this person has declined it or blocks the other."""
    found = conversations.of_member(object_id(conversation_id), me)
    if found is None or _put_away(found, me):
        raise NotFound(_("There is no such conversation."))
    return Seat(found, me)


def blocked_partner(me: UserId, conversation_id: ObjectId | str) -> UserId | None:
    """The other one of a private conversation, where this person blocks them."""
    away = policy.blocking([me])[me]
    found = conversations.of_member(object_id(conversation_id), me) if away else None
    other = found and partner(found, me)
    return other if other in away else None


def message(me: UserId, message_id: ObjectId | str) -> Message:
    """A message of a conversation this person is in. Raises NotFound otherwise."""
    found = messages.by_id(object_id(message_id))
    here = found and conversations.of_member(found.conversation_id, me)
    if found is None or not here or _put_away(here, me):
        raise NotFound(_("There is no such message."))
    return found


def _put_away(conversation: Conversation, me: UserId) -> bool:
    other = partner(conversation, me)
    if other is None:
        return False
    return other in policy.blocking([me])[me] or _request(conversation.id, me) == "declined"


_requests: dict[tuple[ObjectId, UserId], tuple[float, Pending | None]] = {}


def _request(here: ObjectId, me: UserId) -> Pending | None:
    """What became of the request to this person, as far as it was asked within the last moment."""
    until, state = _requests.get((here, me), (0.0, None))
    if time.monotonic() < until:
        return state
    if len(_requests) >= CONTACTS_MAX:
        _requests.clear()
    state = requests.state(here, me)
    _requests[here, me] = (time.monotonic() + CONTACT_TTL, state)
    return state


def forget_request(here: ObjectId, me: UserId) -> None:
    """It was answered: ask again."""
    _requests.pop((here, me), None)


def may_message(me: UserId, other: UserId, here: ObjectId | None = None) -> Answer:
    """What becomes of writing to this person, in their private conversation `here` if there is one. What the two share
    is looked up only where it decides."""
    between = facts.between(me, other)
    answer = policy.message(between)
    if answer == policy.NO and here is not None and other not in requests.unanswered([here]).get(here, ()):
        answer = policy.message(between.sharing("acquainted"))
    if answer == policy.NO and conversations.share_group(me, other):
        answer = policy.message(between.sharing("fellow"))
    return answer


_contacts: dict[tuple[UserId, UserId], tuple[float, bool]] = {}


def known_contact(me: UserId, other: UserId) -> bool | None:
    """Whether the first may write to the other, as far as it was asked within the last seconds; None: ask."""
    until, allowed = _contacts.get((me, other), (0.0, False))
    return allowed if time.monotonic() < until else None


def check_contact(me: UserId, partner: UserId | None, here: ObjectId) -> None:
    """Raises Forbidden where the other one of this private conversation does not take messages from this person. Says
    nothing of a block: what is written then reaches nobody.

    While PostgreSQL is away, what was last known counts.
    """
    if partner is None:
        return
    allowed = known_contact(me, partner)
    if allowed is None:
        allowed = _asked(me, partner, here)
        if len(_contacts) >= CONTACTS_MAX:
            _contacts.clear()
        _contacts[me, partner] = (time.monotonic() + CONTACT_TTL, allowed)
    if not allowed:
        raise Forbidden(_("This person chooses who may write to them first."))


def _asked(me: UserId, partner: UserId, here: ObjectId) -> bool:
    if (me, partner) not in _contacts:
        return may_message(me, partner, here) != policy.NO
    _until, known = _contacts[me, partner]
    return absence.or_known(lambda: may_message(me, partner, here) != policy.NO, known)
