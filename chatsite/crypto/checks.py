"""Missing, malformed or lost keys stop the start with a hint, before anything is sealed under the wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DataError, OperationalError, ProgrammingError, connection, transaction

from chatsite.crypto import rotation
from chatsite.crypto.columns import Column
from chatsite.crypto.errors import BadKeys
from chatsite.crypto.ring import ring

HINT = (
    "Put the keys that sealed them back into field.keys in the data directory, or into CHAT_FIELD_KEYS, from the copy "
    "that is kept apart from the backups, and start again."
)


@register(Tags.security)
def keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """There is a key, and each is one."""
    try:
        ring()
    except BadKeys as error:
        return [Error(error.problem, hint=error.hint, id="chat.E005")]
    return []


@register(Tags.database)
def keys_fit(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """What is stored can be opened. A new key beside old data would otherwise show only when somebody tries to log in,
    and what is written until then would be under that one."""
    if connection.alias not in (databases or ()):
        return []
    try:
        lost = {str(one): ids for one in rotation.sealed_columns() if (ids := _unreadable(one))}
    except (BadKeys, OperationalError):
        return []  # said by the check above, and by whoever needs the database
    if not lost:
        return []
    under = ", ".join(sorted({one for ids in lost.values() for one in ids}))
    problem = f"PostgreSQL holds values that no key here opens (sealed under {under}; in {', '.join(lost)})."
    return [Error(problem, hint=HINT, id="chat.E006")]


def _unreadable(column: Column) -> list[str]:
    """Before the first migration to it there are no roles, and whoever is logged in sees all."""
    try:
        return rotation.unreadable(column)
    except (DataError, ProgrammingError):
        return rotation.unreadable(column, transaction.atomic)
