"""The one door: turns (person, id) into what that person may have, or NotFound. Strangers get "not found"."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts import policy
from accounts.policy import Answer, Facts
from accounts.services import facts
from chatsite.errors import Forbidden, NotFound
from chatsite.memory import Memory
from chatsite.postgres import absence
from chatsite.types import ObjectId, UserId, object_id
from messaging.documents import Conversation, Membership, Message, Pending
from messaging.repositories import conversations, messages, requests

NOBODY = UserId("")
"""The partner in a private conversation whose other one is gone: none that one could write to."""


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
    """The other one of a private conversation; NOBODY where their account is gone."""
    if conversation.type != "private":
        return None
    return next((UserId(one) for one in conversation.participants if one != me), NOBODY)


def conversation(me: UserId, conversation_id: ObjectId | str) -> Seat:
    """The conversation, with this person's seat in it. Raises NotFound for strangers and for those who left, and for a
    private one while this person has declined it or blocks the other."""
    found = conversations.of_member(object_id(conversation_id), me)
    if found is None or _put_away(found, me):
        raise NotFound(_("There is no such conversation."))
    return Seat(found, me)


def conversations_of(me: UserId) -> dict[ObjectId, Conversation]:
    """All that `conversation` lets this person into, by id."""
    away, pending = policy.blocking([me])[me], requests.of_people([me])[me]
    return {
        one.id: one
        for one in conversations.of_person(me)
        if one.type == "group" or (partner(one, me) not in away and pending.get(one.id) != "declined")
    }


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


_requests: Memory[tuple[ObjectId, UserId], Pending | None] = Memory()
"""What became of the request to a person, in their private conversations."""


def _request(here: ObjectId, me: UserId) -> Pending | None:
    return _requests.recall([(here, me)], lambda asked: {one: requests.state(*one) for one in asked})[here, me]


def forget_request(here: ObjectId, me: UserId) -> None:
    """It was answered: ask again."""
    _requests.forget((here, me))


def may_message(
    me: UserId, other: UserId, here: ObjectId | None = None, known: Mapping[UserId, Facts] = facts.UNKNOWN
) -> Answer:
    """What becomes of writing to this person, in their private conversation `here` if there is one. What the two share
    is looked up only where it decides. Nobody writes to one who is gone."""
    if here is not None and conversations.seat(here, other) is None:
        return policy.NO
    between = facts.completed(known, me, [other])[other]
    answer = policy.message(between)
    if answer == policy.NO and here is not None and other not in requests.unanswered([here]).get(here, ()):
        answer = policy.message(between.sharing("acquainted"))
    # A room that anybody may join acquaints nobody: else everyone would be a step away from being written to.
    if answer == policy.NO and conversations.share_group(me, other, public=False):
        answer = policy.message(between.sharing("fellow"))
    return answer


Pair = tuple[UserId, UserId]
Place = tuple[UserId, UserId, ObjectId]
_contacts: Memory[Pair, bool] = Memory()
"""Who may write to whom."""


def known_contact(me: UserId, other: UserId) -> bool | None:
    """Whether the first may write to the other, as far as it was asked within the last seconds; None: ask."""
    return _contacts.believed((me, other))


def contacts(asked: Sequence[Place]) -> dict[Place, bool]:
    """Of each (person, other, their private conversation) whether the two alone decide that the person may write. The
    others are for `check_contact`, and so are all while PostgreSQL is away. One query in each database for as many as
    there are: who talks with one is asked about every other second.
    """
    moment = time.monotonic()
    clear: set[Place] = absence.or_known(lambda: _clear(asked), set())
    _contacts.learn({(me, other): True for me, other, _here in clear}, moment)
    return {one: one in clear for one in asked}


def _clear(asked: Sequence[Place]) -> set[Place]:
    there = conversations.taken((here, other) for _me, other, here in asked)
    between = facts.of_pairs([(me, other) for me, other, _here in asked])
    return {
        (me, other, here)
        for me, other, here in asked
        if (here, other) in there and policy.message(between[me, other]) != policy.NO
    }


def check_contact(me: UserId, partner: UserId | None, here: ObjectId) -> None:
    """Raises Forbidden where the other one of this private conversation does not take messages from this person. Says
    nothing of a block: what is written then reaches nobody.

    While PostgreSQL is away, what was last known counts.
    """
    if partner is None:
        return
    if partner == NOBODY:
        raise Forbidden(_("The other one's account is gone."))
    asked = _contacts.recall([(me, partner)], lambda pairs: {pair: _may_write(pair, here) for pair in pairs})
    if not asked[me, partner]:
        raise Forbidden(_("This person chooses who may write to them first."))


def _may_write(pair: Pair, here: ObjectId) -> bool:
    known = _contacts.last(pair)
    if known is None:
        return may_message(*pair, here) != policy.NO
    return absence.or_known(lambda: may_message(*pair, here) != policy.NO, known)
