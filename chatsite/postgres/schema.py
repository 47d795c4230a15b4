"""The one PostgreSQL schema, `chat_app`: Django's own tables live in it too."""

from __future__ import annotations

from typing import Any

from django.db import connections

SCHEMA = "chat_app"


def ensure_schema(*, using: str, **_: Any) -> None:
    """Before the first migration: make the schema, and make it this role's search path in this database.

    The path is set on the role, not as a start-up option of the connection, because PgBouncer refuses those.
    """
    connection: Any = connections[using]
    if connection.vendor != "postgresql":
        return
    if not _is_path(connection):
        _make_path(connection)
        connection.close()
        connection.close_pool()  # it opens more than one at a time, and those open by now look elsewhere
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")


def _is_path(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return bool(cursor.fetchone()[0] == SCHEMA)


def _make_path(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user), quote_ident(current_database())")
        role, database = cursor.fetchone()
        cursor.execute(f"ALTER ROLE {role} IN DATABASE {database} SET search_path = {SCHEMA}")
