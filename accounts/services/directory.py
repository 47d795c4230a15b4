"""People as the staff look them up: everyone, whether active or not. In the scope of the staff."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.services import people
from chatsite.types import UserId

MOST = 100  # people that a search for documents is widened to


def matching(text: str) -> list[UserId]:
    """The ids of up to MOST people whose id, e-mail address is `text` or whose names contain it, in any letter case."""
    try:
        return [UserId(str(UUID(text)))]
    except ValueError:
        pass
    condition = Q(username__icontains=text) | Q(email=text.lower()) | Q(profile__display_name__icontains=text)
    return [UserId(str(pk)) for pk in User.objects.filter(condition).values_list("pk", flat=True)[:MOST]]


def names(ids: Iterable[UserId]) -> dict[UserId, str]:
    """What the staff call these people: the user name where there is one."""
    return {card.id: card.username or card.display_name for card in people.cards(ids).values()}
