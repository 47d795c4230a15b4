"""Whether policies hold for who is logged in: to superusers, owners and a few others they do not apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection

from chatsite.postgres.roles import SCHEMA, WEB

ABOVE = """
    SELECT rolsuper OR rolbypassrls OR EXISTS (
        SELECT FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind = 'r' AND relowner = r.oid
    )
    FROM pg_roles r WHERE rolname = session_user
"""


@register(Tags.database, deploy=True)
def log_in(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Only where databases are asked for: `check --deploy --database default`."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(ABOVE, [SCHEMA])
            (above,) = cursor.fetchone()
    except OperationalError:
        return []  # said by whoever needs the database
    hint = f"Let DATABASE_URL log in as {WEB}, and name the owner of the tables in DATABASE_OWNER_URL."
    words = "DATABASE_URL logs in as a superuser, as the owner of the tables, or past row-level security."
    return [Error(words, hint=hint, id="chat.E014")] if above else []
