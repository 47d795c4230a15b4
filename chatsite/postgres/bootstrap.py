"""Roles and rights around migrations: made before, brought in step after. The owner's work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import ProgrammingError, connections, transaction
from django.db.backends.utils import CursorWrapper

from chatsite.postgres import catalog, grants, policies, roles
from chatsite.postgres.grants import Difference
from chatsite.postgres.roles import SCHEMA

HOW = "Let an administrator of the server run what `manage.py bootstrap --print` prints."


class RolesMissing(Exception):
    """PostgreSQL lacks the roles, or they are wrong, and who is logged in may not mend that."""


def role_differences(cursor: CursorWrapper) -> Iterator[Difference]:
    """Where the server's roles are not as they should be; who is logged in is taken for the owner of the tables."""
    cursor.execute("SELECT session_user, rolsuper FROM pg_roles WHERE rolname = session_user")
    owner, above_all = cursor.fetchone()
    there = catalog.roles(cursor, [*roles.ROLES, owner])
    for name, role in roles.ROLES.items():
        found, wanted = there.get(name), frozenset(role.attributes.split())
        if found is None:
            yield Difference(f"role {name} is missing", (roles.created(name, role.attributes), *roles.set_up(name)))
        elif found.words != wanted:
            words = " ".join(sorted(wanted - found.words))
            yield Difference(f"role {name} is not {words}", (f"ALTER ROLE {name} {words}",))
        if found and not {f"{setting}={value}" for setting, value in role.settings.items()} <= found.settings:
            yield Difference(f"the sessions of {name} are set otherwise", tuple(roles.set_up(name)))
        yield from _membership(name, set(found.becomes if found else ()), set(role.becomes))
    if not above_all and name_of_owner(owner):
        own = there[owner]
        if "INHERIT" in own.words:
            words = f"{owner} has the rights of what it may become"
            yield Difference(words, (f"ALTER ROLE {roles.quoted(owner)} NOINHERIT",))
        lacking = set(roles.OWNER_BECOMES) - own.becomes
        if lacking:
            yield Difference(f"{owner} cannot become all it must", tuple(roles.member(owner, sorted(lacking))))


def name_of_owner(name: str) -> bool:
    """Whether this role may own the tables: none of those that the chat works as may."""
    return name not in roles.ROLES


def _membership(name: str, found: set[str], wanted: set[str]) -> Iterator[Difference]:
    for one in sorted(found - wanted):
        yield Difference(f"{name} can become {one}", (f"REVOKE {roles.quoted(one)} FROM {name}",))
    if wanted - found:
        yield Difference(f"{name} cannot become all it must", tuple(roles.member(name, sorted(wanted - found))))


def ensure_roles(cursor: CursorWrapper) -> list[str]:
    """Makes the roles, where that is allowed; returns what was done. Raises RolesMissing."""
    found = list(role_differences(cursor))
    try:
        with transaction.atomic():
            for one in found:
                for statement in one.mending:
                    cursor.execute(statement)
    except ProgrammingError as error:
        said = str(error).partition("\n")[0]
        raise RolesMissing(f"The roles of PostgreSQL cannot be made ({said}). {HOW}") from error
    return [one.words for one in found]


def before_migrations(*, using: str, plan: Any = (), **_: Any) -> None:
    """Makes the roles, and lets the owner see all rows while there are migrations to carry out: some change data."""
    if connections[using].vendor != "postgresql":
        return
    with connections[using].cursor() as cursor:
        ensure_roles(cursor)
        if plan:
            there = catalog.tables(cursor)
            for table in policies.TABLES:
                if there.get(table):
                    cursor.execute(f"ALTER TABLE {SCHEMA}.{table} NO FORCE ROW LEVEL SECURITY")


def after_migrations(*, using: str, **_: Any) -> None:
    """Brings rights and policies in step with the tables."""
    if connections[using].vendor == "postgresql":
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            grants.apply(cursor)
