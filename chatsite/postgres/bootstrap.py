"""Roles and rights around migrations: made before, brought in step after. The owner's work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError
from django.db import ProgrammingError, connections, transaction
from django.db.backends.utils import CursorWrapper

from chatsite.postgres import catalog, grants, policies, roles
from chatsite.postgres.catalog import Attributes
from chatsite.postgres.grants import Difference
from chatsite.postgres.roles import SCHEMA

HOW = "Let an administrator of the server run what `manage.py bootstrap --print` prints."


class RolesMissing(CommandError):
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
        yield from _membership(cursor, name, found, set(role.becomes))
    if not above_all and owner not in roles.ROLES:
        yield from _membership(cursor, owner, there[owner], set(roles.OWNER_BECOMES), only=False)


def _membership(
    cursor: CursorWrapper, name: str, found: Attributes | None, wanted: set[str], *, only: bool = True
) -> Iterator[Difference]:
    """What a role can become, and that it has none of those rights before. `only`: and it can become nothing else."""
    becomes, inherits = (set(found.becomes), set(found.inherits)) if found else (set(), set())
    for one in sorted(becomes - wanted) if only else ():
        yield Difference(f"{name} can become {one}", (f"REVOKE {roles.quoted(one)} FROM {name}",))
    cursor.execute("SELECT current_setting('server_version_num')::int >= 160000")
    (apart,) = cursor.fetchone()
    for one in sorted(wanted - becomes):
        how = " WITH INHERIT FALSE, SET TRUE" if apart else ""
        yield Difference(f"{name} cannot become {one}", (f"GRANT {one} TO {roles.quoted(name)}{how}",))
    for one in sorted(inherits & wanted):
        mending = f"GRANT {one} TO {roles.quoted(name)} WITH INHERIT FALSE"
        mending = mending if apart else f"ALTER ROLE {roles.quoted(name)} NOINHERIT"
        yield Difference(f"{name} has the rights of {one} before it becomes that", (mending,))


def ensure_roles(cursor: CursorWrapper) -> list[str]:
    """Makes the roles, where that is allowed; returns what was done. Raises RolesMissing.

    Only a superuser can make the role of backups. The chat does without, and `bootstrap --check` tells.
    """
    done = []
    for one in list(role_differences(cursor)):
        try:
            with transaction.atomic():
                for statement in one.mending:
                    cursor.execute(statement)
        except ProgrammingError as error:
            if roles.BACKUP not in one.words:
                said = str(error).partition("\n")[0]
                raise RolesMissing(f"The roles of PostgreSQL cannot be made ({said}). {HOW}") from error
        else:
            done.append(one.words)
    return done


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


def after_migrations(*, using: str, plan: Any = None, **_: Any) -> None:
    """Brings rights and policies in step with the tables. Not after `flush`, which announces the same without a plan:
    it changes none."""
    if plan is not None and connections[using].vendor == "postgresql":
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            grants.apply(cursor)
