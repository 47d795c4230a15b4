"""Who may do what with whom: the rules that pages, API, sockets and search share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.models import Relationship
from chatsite.types import UserId


def may_contact(a: UserId, b: UserId) -> bool:
    """Whether two people may write to each other, add each other or ask for friendship: nobody blocked the other."""
    return not blocked_between(a, [b])


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


def blocked_by(people: Iterable[UserId]) -> dict[UserId, set[UserId]]:
    """Whom each of these people has blocked; those who have blocked nobody are left out. One query."""
    rows = Relationship.objects.filter(user__pk__in=list(people), type=Relationship.Type.BLOCKED)
    found: defaultdict[UserId, set[UserId]] = defaultdict(set)
    for who, whom in rows.values_list("user_id", "related_user_id"):
        found[UserId(str(who))].add(UserId(str(whom)))
    return dict(found)


def blockers_of(me: UserId) -> dict[UserId, datetime]:
    """Those who have blocked this person, and since when. One query. Not for this person's eyes."""
    rows = Relationship.objects.filter(related_user__pk=me, type=Relationship.Type.BLOCKED)
    return {UserId(str(who)): since for who, since in rows.values_list("user_id", "updated_at")}
