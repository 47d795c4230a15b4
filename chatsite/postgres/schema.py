"""The one PostgreSQL schema, `chat_app`: Django's own tables live in it too."""

from __future__ import annotations

from typing import Any

from django.db import connections

SCHEMA = "chat_app"


def ensure_schema(*, using: str, **_: Any) -> None:
    """Before the first migration: make the schema, and make it this role's search path in this database.

    The path is set on the role, not as a start-up option of the connection, because PgBouncer refuses those.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        if cursor.fetchone()[0] != SCHEMA:
            cursor.execute("SELECT quote_ident(current_user), quote_ident(current_database())")
            role, database = cursor.fetchone()
            cursor.execute(f"ALTER ROLE {role} IN DATABASE {database} SET search_path = {SCHEMA}")
            cursor.execute(f"SET search_path = {SCHEMA}")
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
