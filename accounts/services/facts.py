"""What the rules of `policy` are decided from, for many pairs of people at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.declared import DECLARED
from accounts.models import Relationship, Setting
from accounts.policy import Block, Facts
from chatsite.postgres.scope import as_site
from chatsite.types import UserId

KEYS = ("may_message", "may_add_to_groups", "last_seen", "typing", "receipts")
"""The settings that rules ask for."""
UNKNOWN: Mapping[UserId, Facts] = {}
"""Of nobody."""


Pair = tuple[UserId, UserId]


def of(me: UserId, others: Iterable[UserId]) -> dict[UserId, Facts]:
    """The facts between this person, who wants something, and each of the others. One query."""
    return {other: found for (_me, other), found in of_pairs([(me, one) for one in others]).items()}


@as_site()
def of_pairs(pairs: Collection[Pair]) -> dict[Pair, Facts]:
    """The facts between each first one, who wants something, and the second. One query, none for nobody."""
    settings: defaultdict[UserId, dict[str, Any]] = defaultdict(defaults)
    friends, blocks, staff = set(), set(), set()
    for one, other, what, value in _rows(pairs) if pairs else ():
        who, whom = UserId(str(one)), UserId(str(other))
        if what == "staff":
            staff.add(who)
        elif what == Relationship.Type.BLOCKED:
            blocks.add((who, whom))
        elif what == Relationship.Type.FRIEND:
            friends |= {(who, whom)} if value == Relationship.Status.ACCEPTED else set()
        else:
            settings[who] |= _understood(what, json.loads(value))
    return {
        (me, other): Facts(
            relation="friend" if (me, other) in friends else "stranger",
            block=_block(mine=(me, other) in blocks, theirs=(other, me) in blocks),
            staff=me in staff,
            mine=settings[me],
            theirs=settings[other],
        )
        for me, other in pairs
    }


def completed(known: Mapping[UserId, Facts], me: UserId, others: Iterable[UserId]) -> dict[UserId, Facts]:
    """As `of`; whoever is in `known` is not asked about again."""
    asked = set(others)
    found = {one: known[one] for one in asked if one in known}
    return found | of(me, asked - found.keys())


def between(me: UserId, other: UserId) -> Facts:
    """The facts between two people. One query."""
    return of(me, [other])[other]


def defaults() -> dict[str, Any]:
    """The settings that rules ask for, of someone who never set any."""
    return {key: DECLARED[key].default for key in KEYS}


@as_site()
def chosen(key: str, people: Iterable[UserId]) -> dict[UserId, Any]:
    """What those of these people have set under `key` who have set it to something else than the default. One
    query."""
    rows = Setting.objects.filter(user__pk__in=list(people), key=key).values_list("user_id", "value")
    found = {UserId(str(one)): _understood(key, value).get(key) for one, value in rows}
    return {one: value for one, value in found.items() if value not in (None, DECLARED[key].default)}


@as_site()
def friends_of(people: Iterable[UserId]) -> defaultdict[UserId, set[UserId]]:
    """The friends of each of these people. One query, none for nobody."""
    asked = list(people)
    found: defaultdict[UserId, set[UserId]] = defaultdict(set)
    friends = {"type": Relationship.Type.FRIEND, "status": Relationship.Status.ACCEPTED}
    rows = Relationship.objects.filter(user__pk__in=asked, **friends).values_list("user_id", "related_user_id")
    for one, other in rows if asked else ():
        found[UserId(str(one))].add(UserId(str(other)))
    return found


ROWS = """
    WITH asked AS (SELECT * FROM unnest(%(mes)s, %(others)s) AS asked(me, other))
    SELECT user_id, related_user_id, type::text, status::text
    FROM asked JOIN relationships ON user_id = me AND related_user_id = other
    UNION ALL
    SELECT user_id, related_user_id, type::text, status::text
    FROM asked JOIN relationships ON user_id = other AND related_user_id = me
    UNION ALL
    SELECT user_id, user_id, key, value::text FROM settings
    WHERE user_id = ANY(%(mes)s || %(others)s) AND key = ANY(%(keys)s)
    UNION ALL
    SELECT id, id, 'staff', '' FROM users WHERE id = ANY(%(mes)s) AND is_staff
"""
"""What was said about each other, what was set, and who is of the staff: (who, about whom, what, value).

In SQL: each pair that talks is asked about every other second, and to word it from querysets took four fifths of that.
"""


def _rows(pairs: Collection[Pair]) -> list[tuple[UUID, UUID, str, str]]:
    mes, others = [UUID(me) for me, _ in pairs], [UUID(other) for _, other in pairs]
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"mes": mes, "others": others, "keys": list(KEYS)})
        return list(cursor.fetchall())


def _understood(key: str, value: object) -> dict[str, Any]:
    """A value that a newer version no longer knows counts as never set."""
    return {} if DECLARED[key].problem(value) else {key: value}


def _block(*, mine: bool, theirs: bool) -> Block:
    if mine and theirs:
        return "both"
    return "mine" if mine else "theirs" if theirs else "none"
