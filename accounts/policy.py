"""Who may do what with whom: the rules that pages, API, sockets and search share.

A rule takes Facts about two people and gives an Answer. What each says for every combination stands written out in
`tests/accounts/policy.txt`. `services.facts` reads the facts of many pairs at once; what two people share in
conversations messaging knows, and adds it (`Facts.sharing`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import Relationship
from chatsite.memory import Memory
from chatsite.postgres import absence
from chatsite.postgres.scope import as_site
from chatsite.types import UserId

_blockers: Memory[UserId, dict[UserId, datetime]] = Memory()
_blocked: Memory[UserId, frozenset[UserId]] = Memory()
M = TypeVar("M", bound=Model)

Relation = Literal["stranger", "fellow", "acquainted", "friend"]
"""What two people are to each other, the strongest of: nothing, members of one group, both have said yes to their
private conversation, friends."""
Block = Literal["none", "mine", "theirs", "both"]
"""Who of the two has blocked the other: `mine` is that of the one who wants something."""


class Answer(StrEnum):
    """`REQUEST`: it waits for the other's yes. `UNSEEN`: it looks done to who did it, and reaches nobody."""

    YES = "yes"
    REQUEST = "request"
    UNSEEN = "unseen"
    NO = "no"


class Facts(NamedTuple):
    """One person, who wants something, and another one. `mine` and `theirs` are their settings; `staff` says whether
    the one who wants something belongs to the site's staff."""

    relation: Relation
    block: Block
    staff: bool
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]

    def sharing(self, relation: Relation) -> Facts:
        """The same two, who are at least this to each other."""
        return self if RANKS.index(self.relation) >= RANKS.index(relation) else self._replace(relation=relation)


RANKS: tuple[Relation, ...] = ("stranger", "fellow", "acquainted", "friend")
YES, REQUEST, UNSEEN, NO = Answer

MESSAGE: dict[str, dict[Relation, Answer]] = {
    "everyone": {"stranger": REQUEST, "fellow": REQUEST, "acquainted": YES, "friend": YES},
    "known": {"stranger": NO, "fellow": REQUEST, "acquainted": YES, "friend": YES},
    "friends": {"stranger": NO, "fellow": NO, "acquainted": YES, "friend": YES},
}
"""By the other's setting: who writes first. Those who have said yes to a conversation go on in it."""
CIRCLES: dict[str, set[Relation]] = {"everyone": set(RANKS), "friends": {"friend"}, "nobody": set()}
"""By a setting: whom it admits."""


def message(facts: Facts) -> Answer:
    """Writing to the other in private. The site's staff need not ask. A block of the other's does not show: what
    nobody's block would stop is taken, and what their setting refuses is refused as ever."""
    if facts.block in ("mine", "both"):
        return NO
    answer = YES if facts.staff else MESSAGE[facts.theirs["may_message"]][facts.relation]
    return UNSEEN if facts.block == "theirs" and answer != NO else answer


def add_to_group(facts: Facts) -> Answer:
    return _unblocked(facts, facts.relation in CIRCLES[facts.theirs["may_add_to_groups"]])


def see_presence(facts: Facts) -> Answer:
    """Whether the other is here: to those who share a conversation, as both let each other see it."""
    admitted = all(facts.relation in CIRCLES[one["last_seen"]] for one in (facts.mine, facts.theirs))
    return _unblocked(facts, admitted and facts.relation != "stranger")


see_last_seen = see_presence
"""When the other was last here: one setting for both."""


def see_typing(facts: Facts) -> Answer:
    return _unblocked(facts, facts.mine["typing"] and facts.theirs["typing"] and facts.relation != "stranger")


def see_receipts(facts: Facts) -> Answer:
    """How far the other has got in a conversation of both. One's own block hides nothing of theirs: that would tell."""
    told = facts.mine["receipts"] and facts.theirs["receipts"] and facts.relation != "stranger"
    return YES if told and facts.block in ("none", "mine") else NO


def see_picture(facts: Facts) -> Answer:
    return _unblocked(facts, True)


def befriend(facts: Facts) -> Answer:
    """Asking to be friends."""
    if facts.block in ("mine", "both"):
        return NO
    return UNSEEN if facts.block == "theirs" else REQUEST


def find(facts: Facts) -> Answer:
    """Meeting the other in search and lists; `findable` is the same for a query."""
    return _unblocked(facts, True)


def open_profile(facts: Facts) -> Answer:
    """What the other says of themself. Name and page are there for everyone: a missing page would tell of a block."""
    return _unblocked(facts, True)


def read_private(facts: Facts) -> Answer:
    """Having the private conversation of both: it is put away while one blocks the other, and they do not notice."""
    return NO if facts.block in ("mine", "both") else YES


def see_unfolded(facts: Facts) -> Answer:
    """Meeting what the other says in a group without having asked for it."""
    return NO if facts.block in ("mine", "both") else YES


def _unblocked(facts: Facts, right: bool) -> Answer:
    return YES if right and facts.block == "none" else NO


# Blocks, for many people at once


@as_site()
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


@as_site()
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


@as_site()
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


@as_site()
def _ask_blockers(people: list[UserId]) -> dict[UserId, dict[UserId, datetime]]:
    found: dict[UserId, dict[UserId, datetime]] = {one: {} for one in people}
    rows = Relationship.objects.filter(related_user__pk__in=people, type=Relationship.Type.BLOCKED)
    for whom, who, since in rows.values_list("related_user_id", "user_id", "updated_at"):
        found[UserId(str(whom))][UserId(str(who))] = since
    return found


def blocking(people: Iterable[UserId], *, now: bool = False) -> dict[UserId, frozenset[UserId]]:
    """As `blocked_by`, for each of these people, asked for at most once within a moment, or `now`. While PostgreSQL is
    away, what was last known: nobody can block or unblock without it."""
    asked = list(people)
    if not now:
        return _blocked.recall(asked, _ask_blocked)
    moment = time.monotonic()
    found = _ask_blocked(asked)
    _blocked.learn(found, moment)
    return found


def _ask_blocked(people: list[UserId]) -> dict[UserId, frozenset[UserId]]:
    found = absence.or_known(lambda: blocked_by(people), None)
    if found is None:
        return {one: _blocked.last(one) or frozenset() for one in people}
    return {one: frozenset(found.get(one, ())) for one in people}


def findable(rows: QuerySet[M], person: str) -> QuerySet[M]:
    """Of `rows`, whose column `person` names somebody, those whom the person acting finds: `find`, in a query."""
    return rows.filter(NotHidden(F(person)))


class NotHidden(Func):
    """Whether there is no block between somebody and the person acting, whoever of the two set it."""

    template = "%(expressions)s <> ALL ((SELECT chat_app.hidden())::uuid[])"
    output_field = BooleanField()


@receiver((post_save, post_delete), sender=Relationship)
def _forget(instance: Relationship, **_: Any) -> None:
    """At once, and again when it holds: somebody may ask in between."""
    _drop(instance)
    transaction.on_commit(lambda: _drop(instance))


def _drop(row: Relationship) -> None:
    _blockers.forget(UserId(str(row.related_user_id)))
    _blocked.forget(UserId(str(row.user_id)))
