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
    members = {here: frozenset(ids) for here, ids in conversations.members(places, AUDIENCE_MAX).items()}
    for here in requests.unanswered(here for here, place in places.items() if place.partner is not None):
        members.pop(here, None)
    nobody: frozenset[UserId] = frozenset()
    around = {me: nobody.union(*(members.get(place.id, nobody) for place in where)) for me, where in seated.items()}
    return _visible(around)


def _visible(around: Mapping[UserId, frozenset[UserId]]) -> dict[UserId, set[UserId]]:
    blocks = policy.blocks_of(around)
    everyone = set(around).union(*around.values())
    careful = facts.chosen("last_seen", everyone)
    friends = facts.friends_of(one for one in around if careful)
    usual = facts.defaults()

    def sees(me: UserId, other: UserId) -> bool:
        own, theirs = ({**usual, "last_seen": careful.get(one, usual["last_seen"])} for one in (me, other))
        relation = "friend" if other in friends[me] else "fellow"
        between = Facts(relation, "none", False, own, theirs)  # type: ignore[arg-type]
        return policy.see_presence(between) == policy.YES

    def visible(me: UserId, others: set[UserId]) -> set[UserId]:
        asked = others if me in careful else others & careful.keys()
        return others - {one for one in asked if not sees(me, one)}

    return {me: visible(me, set(others - blocks[me] - {me})) for me, others in around.items()}
