"""A person's conversations, as the sidebar and the API list them."""

from __future__ import annotations

from dataclasses import dataclass

from chatsite.types import ObjectId, UserId
from messaging.documents import Conversation, Membership
from messaging.repositories import conversations, messages


@dataclass(frozen=True)
class Row:
    """One conversation of a person, their seat in it, and how many messages of others they have not read."""

    conversation: Conversation
    membership: Membership
    unread: int


def rows(me: UserId) -> list[Row]:
    """All conversations of this person, those with the latest message first.

    A private one that somebody else opened appears with its first message, not before.
    """
    seats = conversations.seats_of_person(me)
    found = [one for one in conversations.of_person(me) if one.id in seats and _shows(one, me)]
    unread = messages.unread(
        me, {one.id: seats[one.id].read_seq for one in found if one.last_seq > seats[one.id].read_seq}
    )
    return [Row(one, seats[one.id], unread.get(one.id, 0)) for one in found]


def _shows(conversation: Conversation, me: UserId) -> bool:
    return conversation.type == "group" or conversation.last_seq > 0 or conversation.created_by == me


def unread(me: UserId, membership: Membership) -> int:
    """How many messages of others this person has not read in one conversation: counted from the log."""
    counted = messages.unread(me, {membership.conversation_id: membership.read_seq})
    return counted.get(membership.conversation_id, 0)


def heads(ids: list[ObjectId]) -> dict[ObjectId, tuple[int, int]]:
    """[seq, rev] of each conversation: `seq` from the log itself, so it is never behind what was acknowledged."""
    seqs = messages.heads(ids)
    revs = {one: found.last_rev for one, found in conversations.by_ids(ids).items()}
    return {one: (seqs[one], revs.get(one, 0)) for one in ids}
