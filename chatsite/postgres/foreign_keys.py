"""What deleting a row does to those that point to it, in the database itself: Django 5.2 does it only for its own
deletes, and leaves plain foreign keys behind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations import RunPython

NAME = """
    SELECT c.conname FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.conrelid = to_regclass(%s) AND a.attname = %s AND cardinality(c.conkey) = 1
"""


class ForeignKey(NamedTuple):
    """A column that points to `target`. `action`: CASCADE or SET NULL."""

    table: str
    column: str
    target: str
    action: str


def on_delete(keys: Sequence[ForeignKey]) -> RunPython:
    """A migration's operation that gives these foreign keys their action, and going back takes it away. They must have
    been made by an earlier migration: Django adds foreign keys at the end of the one that makes a table."""
    return RunPython(partial(_act, keys=keys), partial(_act_no_more, keys=keys))


def _act(apps: Any, schema_editor: BaseDatabaseSchemaEditor, keys: Sequence[ForeignKey]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for key in keys:
            cursor.execute(NAME, [key.table, key.column])
            (name,) = cursor.fetchone()
            _replace(cursor, key, name, f"{key.table}_{key.column}_fkey", f"ON DELETE {key.action}")


def _act_no_more(apps: Any, schema_editor: BaseDatabaseSchemaEditor, keys: Sequence[ForeignKey]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for key in keys:
            name = f"{key.table}_{key.column}_fkey"
            _replace(cursor, key, name, f"{key.table}_{key.column}_fk_{key.target}_id", "")


def _replace(cursor: CursorWrapper, key: ForeignKey, old: str, new: str, action: str) -> None:
    cursor.execute(
        f'ALTER TABLE "{key.table}" DROP CONSTRAINT "{old}", ADD CONSTRAINT "{new}" FOREIGN KEY ("{key.column}") '
        f'REFERENCES "{key.target}" (id) {action} DEFERRABLE INITIALLY DEFERRED'
    )
