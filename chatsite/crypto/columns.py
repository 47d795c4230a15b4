"""Sealed columns as PostgreSQL sees them: which there are, under which keys their values are, and rewriting them.

In SQL, because the ORM would open each value on the way out and seal it on the way in.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from chatsite.crypto import envelope

Unit = Callable[[], AbstractContextManager[Any]]
"""What begins a transaction in which all rows are to be seen."""
BATCH = 200  # rows locked at a time: a person who signs in meanwhile waits for one batch at most
STARTS = rf"^{envelope.PATTERN}$"
INSIDE = rf'"{envelope.PATTERN}"'


class Column(NamedTuple):
    """A column that holds sealed values: each value is one, or, in `jsonb`, the strings in it are."""

    table: str
    name: str
    key: str  # the column of the primary key
    form: str = envelope.RANDOM
    jsonb: bool = False
    members: tuple[str, ...] | None = ()
    """In `jsonb`: which members are sealed whole (None: all), besides what is sealed already."""

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


class Rewritten(NamedTuple):
    """What became of the rows: `refused` are the keys of those whose new value stands in another row already."""

    changed: int
    refused: list[Any]


def counts(column: Column) -> dict[str | None, int]:
    """How many values are sealed under each key, by its id; None: in the clear. In `jsonb` what is in the clear is not
    counted, as only a part of it is meant to be sealed."""
    join = "CROSS JOIN LATERAL {}" if column.jsonb else "LEFT JOIN LATERAL {} ON true"
    found = (
        f"SELECT m[1], count(*) FROM {_q(column.table)} {join.format(_ids(column))} "  # noqa: S608
        f"WHERE {_q(column.name)} IS NOT NULL GROUP BY 1"
    )
    return dict(_rows(found, [_pattern(column)]))


def samples(column: Column) -> dict[str, str]:
    """One sealed value of each key that any is sealed under, by its id. None where there is no such column yet."""
    there = "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s AND NOT attisdropped"
    if not _rows(there, [_q(column.table), column.name]):
        return {}
    found = f"SELECT m[2], min(m[1]) FROM {_q(column.table)}, LATERAL {_ids(column)} GROUP BY 1"  # noqa: S608
    return dict(_rows(found, [_pattern(column).replace(envelope.PATTERN, f"({envelope.PATTERN})")]))


def rewrite(column: Column, change: Callable[[str], str], unit: Unit) -> Rewritten:
    """Puts `change(value)` in the place of each value, a batch at a time, each in a transaction that `unit` begins.
    Rows that somebody else has locked are left out: it never waits for a lock while it holds one, so it cannot be part
    of a deadlock."""
    changed, refused, last = 0, list[Any](), list[Any]()
    while True:
        with unit():
            page = _page(column, last)
            for key, value in _locked(column, [key for key, value in page if change(value) != value]):
                if _put(column, key, change(value)):
                    changed += 1
                else:
                    refused.append(key)
        if not page:
            return Rewritten(changed, refused)
        last = [page[-1][0]]


def _page(column: Column, after: list[Any]) -> list[tuple[Any, str]]:
    """The next rows, keys and values, in the order of the keys; `after`: the last key before them, if any."""
    rows = f"SELECT {_q(column.key)}, {_q(column.name)}::text FROM {_q(column.table)} "  # noqa: S608
    rows += f"WHERE {_q(column.name)} IS NOT NULL"
    rows += f" AND {_q(column.key)} > %s" if after else ""
    return _rows(f"{rows} ORDER BY 1 LIMIT {BATCH}", after)


def _locked(column: Column, keys: list[Any]) -> list[tuple[Any, str]]:
    return _rows(
        f"SELECT {_q(column.key)}, {_q(column.name)}::text FROM {_q(column.table)} "  # noqa: S608
        f"WHERE {_q(column.key)} = ANY(%s) ORDER BY 1 FOR UPDATE SKIP LOCKED",
        [keys],
    )


def _put(column: Column, key: Any, value: str) -> bool:
    cast = "::jsonb" if column.jsonb else ""
    update = f"UPDATE {_q(column.table)} SET {_q(column.name)} = %s{cast} WHERE {_q(column.key)} = %s"  # noqa: S608
    with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(update, [value, key])
        return True
    return False


def _ids(column: Column) -> str:
    return f"regexp_matches({_q(column.name)}::text, %s, 'g') m"


def _pattern(column: Column) -> str:
    return INSIDE if column.jsonb else STARTS


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
