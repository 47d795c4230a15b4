"""Who sees whom come and go: `policy.see_presence`, for all who move in one moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from accounts import policy
from accounts.policy import Facts
from accounts.services import facts
from chatsite.types import ObjectId, UserId
from messaging.repositories import conversations, requests

AUDIENCE_MAX = 256  # members: in larger conversations nobody is told who comes and goes


class Place(Protocol):
    """A conversation somebody sits in; `partner` is the other one of a private one."""

    @property
    def id(self) -> ObjectId: ...
    @property
    def partner(self) -> UserId | None: ...


def company(seated: Mapping[UserId, Collection[Place]]) -> dict[UserId, set[UserId]]:
    """For each of these people those who see them and whom they see: they share a conversation of moderate size to
    which both have said yes, and neither a block nor a setting is between them."""
    places = {place.id: place for where in seated.values() for place in where}
    members = conversations.members(places, AUDIENCE_MAX)
    for here in requests.unanswered(here for here, place in places.items() if place.partner is not None):
        members.pop(here, None)
    around = {me: {one for place in where for one in members.get(place.id, ())} for me, where in seated.items()}
    return _visible(around)


def _visible(around: Mapping[UserId, set[UserId]]) -> dict[UserId, set[UserId]]:
    blocks = policy.blocks_of(around)
    everyone = {*around, *(one for others in around.values() for one in others)}
    careful = facts.chosen("last_seen", everyone)
    friends = facts.friends_of(one for one in around if careful)
    usual = facts.defaults()

    def sees(me: UserId, other: UserId) -> bool:
        if me not in careful and other not in careful:
            return True
        own, theirs = ({**usual, "last_seen": careful.get(one, usual["last_seen"])} for one in (me, other))
        relation = "friend" if other in friends[me] else "fellow"
        between = Facts(relation, "none", False, own, theirs)  # type: ignore[arg-type]
        return policy.see_presence(between) == policy.YES

    return {me: {one for one in others - blocks[me] - {me} if sees(me, one)} for me, others in around.items()}
