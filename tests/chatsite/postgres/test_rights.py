"""Who may do what with a row of Ada's, table by table: `rights.txt` says what is right, and computes nothing.

In a cell: C add one, R read it, U change some column of it, D remove it. Ben is a stranger to Ada, Cleo is blocked by
her; `nobody` is what the processes log in as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError
from psycopg.errors import InsufficientPrivilege

from chatsite.postgres import policies, scope
from chatsite.postgres.roles import ADMIN, AUTH, BACKUP, RO, SITE, WORKER
from chatsite.postgres.scope import Scope
from tests.cast import Cast
from tests.chatsite.postgres import rows

TABLE = (Path(__file__).parent / "rights.txt").read_text().splitlines()
HEADING, *LINES = (line.split() for line in TABLE)
RIGHTS = {table: dict(zip(HEADING[1:], cells, strict=True)) for table, *cells in LINES}


def scopes(cast: Cast) -> dict[str, Scope]:
    people = {name: scope.person(getattr(cast, name).pk) for name in ("ada", "ben", "cleo")}
    roles = {"auth": AUTH, "site": SITE, "worker": WORKER, "ro": RO, "backup": BACKUP}
    staff = {"staff": Scope(ADMIN, str(cast.dora.pk))}
    return {"nobody": scope.NOBODY, **people, **staff, **{name: Scope(role) for name, role in roles.items()}}


def test_the_table_has_every_table_and_everyone(cast: Cast) -> None:
    assert RIGHTS.keys() == set(policies.tables())
    assert set(HEADING[1:]) == scopes(cast).keys()


@pytest.mark.parametrize("table", sorted(policies.tables()))
def test_everyone_may_do_what_the_table_says(cast: Cast, table: str) -> None:
    row = rows.made(table, cast)
    found = {}
    for who, within in scopes(cast).items():
        found[who] = "".join(letter if may(row, within) else "-" for letter, may in MAY.items())
    assert found == RIGHTS[table]


def tried(within: Scope, statement: str, parameters: list[Any]) -> int:
    """How many rows a statement concerns in this scope; 0 where it is refused. Nothing of it is left."""
    try:
        with transaction.atomic():
            with scope.within(within), connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                done = cursor.rowcount
            transaction.set_rollback(True)
    except IntegrityError:
        return 1  # it may, and is too late: rights are asked before constraints
    except ProgrammingError as error:
        assert isinstance(error.__cause__, InsufficientPrivilege), error
        return 0
    return done


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def adds(row: rows.Row, within: Scope) -> bool:
    values = ", ".join(["%s"] * len(row.values))
    statement = f"INSERT INTO {row.table} ({quoted(row.values)}) OVERRIDING SYSTEM VALUE VALUES ({values})"
    return tried(within, statement, list(row.values.values())) > 0


def reads(row: rows.Row, within: Scope) -> bool:
    return tried(within, f"SELECT 1 FROM {row.table} WHERE {row.key} = %s", [row.values[row.key]]) > 0


def changes(row: rows.Row, within: Scope) -> bool:
    statements = [
        f"UPDATE {row.table} SET {quoted([name])} = %s WHERE {row.key} = %s" for name in row.values if name != row.key
    ]
    written = [value for name, value in row.values.items() if name != row.key]
    return any(
        tried(within, one, [value, row.values[row.key]]) > 0 for one, value in zip(statements, written, strict=True)
    )


def removes(row: rows.Row, within: Scope) -> bool:
    return tried(within, f"DELETE FROM {row.table} WHERE {row.key} = %s", [row.values[row.key]]) > 0


MAY: dict[str, Callable[[rows.Row, Scope], bool]] = {"C": adds, "R": reads, "U": changes, "D": removes}
