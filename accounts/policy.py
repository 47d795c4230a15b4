"""Who may do what with whom: the rules that pages, API, sockets and search share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import Relationship
from chatsite.memory import Memory
from chatsite.types import UserId

_blockers: Memory[UserId, dict[UserId, datetime]] = Memory()


def may_contact(a: UserId, b: UserId) -> bool:
    """Whether two people may write to each other, add each other or ask for friendship: nobody blocked the other, and
    there are two of them."""
    return a != b and not blocked_between(a, [b])


def blocked_between(viewer: UserId, ids: Iterable[UserId]) -> set[UserId]:
    """Those of `ids` with whom there is a block, whoever of the two set it. One query."""
    others = list(ids)
    if not others:
        return set()
    rows = Relationship.objects.filter(
        Q(user__pk=viewer, related_user__pk__in=others) | Q(user__pk__in=others, related_user__pk=viewer),
        type=Relationship.Type.BLOCKED,
    ).values_list("user_id", "related_user_id")
    return {UserId(str(b if str(a) == viewer else a)) for a, b in rows}


def blocks_of(people: Iterable[UserId]) -> dict[UserId, set[UserId]]:
    """For each of these people those with whom there is a block, whoever of the two set it. One query."""
    asked = list(people)
    found: dict[UserId, set[UserId]] = {one: set() for one in asked}
    rows = Relationship.objects.filter(
        Q(user__pk__in=asked) | Q(related_user__pk__in=asked), type=Relationship.Type.BLOCKED
    ).values_list("user_id", "related_user_id")
    for one, other in rows if asked else ():
        for a, b in ((UserId(str(one)), UserId(str(other))), (UserId(str(other)), UserId(str(one)))):
            if a in found:
                found[a].add(b)
    return found


def blocked_by(people: Iterable[UserId]) -> dict[UserId, set[UserId]]:
    """Whom each of these people has blocked; those who have blocked nobody are left out. One query."""
    rows = Relationship.objects.filter(user__pk__in=list(people), type=Relationship.Type.BLOCKED)
    found: defaultdict[UserId, set[UserId]] = defaultdict(set)
    for who, whom in rows.values_list("user_id", "related_user_id"):
        found[UserId(str(who))].add(UserId(str(whom)))
    return dict(found)


def blockers_of(people: Iterable[UserId]) -> dict[UserId, dict[UserId, datetime]]:
    """For each of these people those who have blocked them, and since when. Not for their eyes. One query, or none
    where it was asked within the last moment."""
    return _blockers.recall(set(people), _ask_blockers)


def _ask_blockers(people: list[UserId]) -> dict[UserId, dict[UserId, datetime]]:
    found: dict[UserId, dict[UserId, datetime]] = {one: {} for one in people}
    rows = Relationship.objects.filter(related_user__pk__in=people, type=Relationship.Type.BLOCKED)
    for whom, who, since in rows.values_list("related_user_id", "user_id", "updated_at"):
        found[UserId(str(whom))][UserId(str(who))] = since
    return found


@receiver((post_save, post_delete), sender=Relationship)
def _forget_blockers(instance: Relationship, **_: Any) -> None:
    _blockers.forget(UserId(str(instance.related_user_id)))
