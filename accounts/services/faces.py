"""People's cards as one person gets to see them: without the pictures that are not for their eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from accounts import policy
from accounts.policy import Facts
from accounts.services import facts, people
from accounts.services.people import Card
from chatsite.types import UserId


def card(me: UserId, user: UserId) -> Card:
    """One person's card, for this viewer."""
    return cards(me, [user])[user]


def cards(me: UserId, ids: Iterable[UserId]) -> dict[UserId, Card]:
    """As `people.cards`, for this viewer. At most one query more."""
    return shown(me, people.cards(ids))


def seen(found: Mapping[UserId, Card], between: Mapping[UserId, Facts]) -> dict[UserId, Card]:
    """These cards, for the viewer of these facts. A card that there are none about is the viewer's own."""
    hidden = {one for one, known in between.items() if policy.see_picture(known) == policy.NO}
    return {one: bare(card) if one in hidden else card for one, card in found.items()}


def shown(
    me: UserId, found: Mapping[UserId, Card], known: Mapping[UserId, Facts] = facts.UNKNOWN
) -> dict[UserId, Card]:
    """These cards, for this viewer. Nothing is asked where nobody has a picture, nor about those in `known`."""
    pictured = (one for one, card in found.items() if card.avatar_url and one != me)
    return seen(found, facts.completed(known, me, pictured))


def bare(card: Card) -> Card:
    """The card with letters in place of the picture."""
    return msgspec.structs.replace(card, avatar_url=None)
