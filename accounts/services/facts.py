"""What the rules of `policy` are decided from, for many pairs of people at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
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


@as_site()
def of(me: UserId, others: Iterable[UserId]) -> dict[UserId, Facts]:
    """The facts between this person, who wants something, and each of the others. One query."""
    asked = list(others)
    settings: defaultdict[UserId, dict[str, Any]] = defaultdict(defaults)
    friends, blocks, staff = set(), set(), False
    for one, other, what, value in _rows(me, asked) if asked else ():
        who, whom = UserId(str(one)), UserId(str(other))
        if what == "staff":
            staff = True
        elif what == Relationship.Type.BLOCKED:
            blocks.add((who, whom))
        elif what == Relationship.Type.FRIEND:
            friends |= {(who, whom)} if value == Relationship.Status.ACCEPTED else set()
        else:
            settings[who] |= _understood(what, json.loads(value))
    return {
        one: Facts(
            relation="friend" if (me, one) in friends else "stranger",
            block=_block(mine=(me, one) in blocks, theirs=(one, me) in blocks),
            staff=staff,
            mine=settings[me],
            theirs=settings[one],
        )
        for one in asked
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
    SELECT user_id, related_user_id, type::text, status::text FROM relationships
    WHERE user_id = %(me)s AND related_user_id = ANY(%(others)s)
    OR user_id = ANY(%(others)s) AND related_user_id = %(me)s
    UNION ALL
    SELECT user_id, user_id, key, value::text FROM settings
    WHERE (user_id = %(me)s OR user_id = ANY(%(others)s)) AND key = ANY(%(keys)s)
    UNION ALL
    SELECT id, id, 'staff', '' FROM users WHERE id = %(me)s AND is_staff
"""
"""What was said about each other, what was set, and whether one is of the staff: (who, about whom, what, value).

In SQL: each pair that talks is asked about every other second, and to word it from querysets took four fifths of that.
"""


def _rows(me: UserId, others: list[UserId]) -> list[tuple[UUID, UUID, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"me": UUID(me), "others": [UUID(one) for one in others], "keys": list(KEYS)})
        return list(cursor.fetchall())


def _understood(key: str, value: object) -> dict[str, Any]:
    """A value that a newer version no longer knows counts as never set."""
    return {} if DECLARED[key].problem(value) else {key: value}


def _block(*, mine: bool, theirs: bool) -> Block:
    if mine and theirs:
        return "both"
    return "mine" if mine else "theirs" if theirs else "none"
