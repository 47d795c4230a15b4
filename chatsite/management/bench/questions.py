"""Puts typical questions to PostgreSQL in turns, with scope and policies and without. A process of the bench.

`prepare COUNT` makes the people. Otherwise: the address of a superuser, and for how many seconds; prints the medians in
microseconds by question, with policies and without.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

import django
import msgspec
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from environ import Env

from chatsite.management.bench.job import Needs
from chatsite.postgres import scope
from chatsite.postgres.base import DatabaseWrapper
from chatsite.postgres.scope import Scope

django.setup()

from accounts import access  # noqa: E402  (models need the line above)
from accounts.models import User  # noqa: E402
from accounts.services import people, profiles, relationships  # noqa: E402
from chatsite.management.bench import people as making  # noqa: E402
from chatsite.types import UserId  # noqa: E402

ME, FRIENDS, BLOCKED = "bench0", 100, 20


class Statement(NamedTuple):
    """`scope`: in which it was asked."""

    sql: str
    params: Any
    scope: Scope | None


def prepare(crowd: int) -> None:
    """Somebody with friends and people they have blocked, in a crowd."""
    making.prepare(Needs(people=1 + FRIENDS + BLOCKED, crowd=crowd))
    me, *others = (_person(f"bench{number}") for number in range(1 + FRIENDS + BLOCKED))
    for other in others[:FRIENDS]:
        relationships.request(me, other)
        relationships.accept(other, me)
    for other in others[FRIENDS:]:
        relationships.block(me, other)


def _person(name: str) -> UserId:
    return User.objects.get_by_natural_key(name).chat_id


def measure(superuser: str, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    """The medians of each question: with policies, without."""
    me, other = _person(ME), _person("bench1")
    asked = {
        "a person seen": _statements(lambda: (access.person(me, "bench1"), profiles.about(me, other))),
        "relationships listed": _statements(lambda: relationships.page(me, 50)),
        "people searched": _statements(lambda: people.find(me, "crowd12", 20)),
    }
    at = Env.db_url_config(superuser)
    free = DatabaseWrapper({**connection.settings_dict, **at, "OPTIONS": {}}, alias="without policies")
    with free.cursor() as cursor:  # functions that ask who is acting have the same to do
        cursor.execute("SELECT set_config('chat.user_id', %s, false)", [me])
    taken: tuple[defaultdict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name, statements in asked.items():
            taken[0][name].append(_time(connection, statements, scoped=True))
            taken[1][name].append(_time(free, statements, scoped=False))
    return _medians(taken[0]), _medians(taken[1])


def _statements(question: Callable[[], object]) -> list[Statement]:
    """What a question asks of PostgreSQL, once all that is remembered is known."""
    found: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(Statement(sql, params, scope.current()))
        return execute(sql, params, many, context)

    question()
    with connection.execute_wrapper(note):
        question()
    return found


def _time(at: BaseDatabaseWrapper, statements: list[Statement], *, scoped: bool) -> int:
    start = time.perf_counter_ns()
    with at.cursor() as cursor:
        for one in statements:
            with scope.within(one.scope if scoped else None):
                cursor.execute(one.sql, one.params)
            cursor.fetchall()
    return time.perf_counter_ns() - start


def _medians(taken: dict[str, list[int]]) -> dict[str, float]:
    return {name: statistics.median(times) / 1000 for name, times in taken.items()}


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        sys.stdout.buffer.write(msgspec.json.encode(measure(sys.argv[1], float(sys.argv[2]))))
