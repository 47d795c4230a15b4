"""People's cards as one person gets to see them: without the pictures that are not for their eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from accounts import policy
from accounts.services import facts, people
from accounts.services.people import Card
from chatsite.types import UserId


def card(me: UserId, user: UserId) -> Card:
    """One person's card, for this viewer."""
    return cards(me, [user])[user]


def cards(me: UserId, ids: Iterable[UserId]) -> dict[UserId, Card]:
    """As `people.cards`, for this viewer. At most one query more."""
    return shown(me, people.cards(ids))


def shown(me: UserId, found: Mapping[UserId, Card]) -> dict[UserId, Card]:
    """These cards, for this viewer. Nothing is asked where nobody has a picture."""
    hidden = faceless(me, (one for one, card in found.items() if card.avatar_url))
    return {one: bare(card) if one in hidden else card for one, card in found.items()}


def faceless(me: UserId, ids: Iterable[UserId]) -> set[UserId]:
    """Those of these people whose picture this viewer does not see. At most one query."""
    known = facts.of(me, (one for one in ids if one != me))
    return {one for one, between in known.items() if policy.see_picture(between) == policy.NO}


def bare(card: Card) -> Card:
    """The card with letters in place of the picture."""
    return msgspec.structs.replace(card, avatar_url=None)
