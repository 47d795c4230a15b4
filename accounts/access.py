"""The one door to people: from (viewer, name or id) to someone the viewer may see, or NotFound."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from chatsite.errors import NotFound
from chatsite.postgres.scope import acting
from chatsite.types import UserId


@acting
def person(viewer: UserId, who: str | UUID) -> User:
    """The active person with this id or user name (any letter case), as others may know them. Raises NotFound.

    A block does not hide a person: that would tell them. What it hides is on their page (`policy`).
    """
    user = _named(who).filter(is_active=True).only(*User.PUBLIC).first()
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


@acting
def people(viewer: UserId, ids: Iterable[UserId]) -> list[UserId]:
    """These ids, where each is an active person's. Raises NotFound otherwise. One query."""
    wanted = list(ids)
    there = User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True) if wanted else ()
    if len(wanted) != len({UserId(str(one)) for one in there}):
        raise NotFound(_("There is no such person."))
    return wanted


def _named(who: str | UUID) -> QuerySet[User]:
    if isinstance(who, UUID):
        return User.objects.filter(pk=who)
    try:
        return User.objects.filter(pk=UUID(who))
    except ValueError:
        return User.objects.named(who)
