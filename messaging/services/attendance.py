"""What a socket needs to know of its person: their conversations, who may see them come and go."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import policy
from chatsite.clock import iso
from chatsite.realtime import hub
from chatsite.realtime import protocol as frames
from chatsite.realtime.presence import presence
from chatsite.types import ObjectId, UserId
from messaging.documents import Conversation
from messaging.repositories import conversations

AUDIENCE_MAX = 256  # members: in larger conversations nobody is told who comes and goes


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation as a socket keeps it: enough to send there without asking the database."""

    id: ObjectId
    partner: UserId | None


def places(me: UserId) -> dict[str, Place]:
    """All conversations of this person, by id as hex."""
    return {str(one.id): Place(one.id, _partner(one, me)) for one in conversations.of_person(me)}


def arrive(me: UserId) -> list[frames.Presence]:
    """One more socket of this person. Tells their company when they were away; returns who of it is here."""
    around = _company(me)
    if presence.arrive(me):
        hub.publish_to_users(around, frames.Presence(user_id=me, state="online"), fleeting=True)
    return [frames.Presence(user_id=one, state="online") for one in presence.online(around)]


def depart(me: UserId) -> None:
    """One socket fewer; tells the company when it was the last."""
    if presence.depart(me):
        seen = presence.last_seen(me)
        gone = frames.Presence(user_id=me, state="offline", last_seen=None if seen is None else iso(seen))
        hub.publish_to_users(_company(me), gone, fleeting=True)


def _company(me: UserId) -> set[UserId]:
    """Everyone who shares a conversation of moderate size with this person and has no block with them."""
    shared = [one for one in conversations.of_person(me) if len(one.participants) <= AUDIENCE_MAX]
    around = {UserId(one) for conversation in shared for one in conversation.participants} - {me}
    return around - policy.blocked_between(me, around)


def _partner(conversation: Conversation, me: UserId) -> UserId | None:
    if conversation.type != "private":
        return None
    return next((UserId(one) for one in conversation.participants if one != me), None)
