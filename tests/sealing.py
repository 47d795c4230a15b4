"""What tests of sealed columns share: a look past the ORM, and key rings."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import override_settings

OLD, MIDDLE, NEW = "0a" * 32, "1b" * 32, "2c" * 32


def ring_of(*roots: str) -> override_settings:
    """Seal under the first of these keys, open what any of them sealed."""
    return override_settings(FIELD_KEYS=roots)


def stored(column: str) -> list[Any]:
    """What stands in `table.column`, as PostgreSQL has it, in any order."""
    table, name = column.split(".")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}::text FROM {table}")
        return [value for (value,) in cursor.fetchall()]
