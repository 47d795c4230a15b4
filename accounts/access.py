"""The one door to people: from (viewer, name or id) to someone the viewer may see, or NotFound."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from chatsite.errors import NotFound
from chatsite.types import UserId


def person(viewer: UserId, who: str | UUID) -> User:
    """The active person with this id or user name (any letter case), with profile. Raises NotFound for anyone else.

    A block does not hide a person: that would tell them. What it hides is on their page (`policy`).
    """
    user = _named(who).select_related("profile").filter(is_active=True).first()
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


def _named(who: str | UUID) -> QuerySet[User]:
    if isinstance(who, UUID):
        return User.objects.filter(pk=who)
    try:
        return User.objects.filter(pk=UUID(who))
    except ValueError:
        return User.objects.named(who)
