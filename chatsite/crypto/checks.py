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
    """What is stored can be opened. A new, empty key file beside old data would otherwise show only when somebody
    tries to log in."""
    if connection.alias not in (databases or ()):
        return []
    try:
        strange = {one: found for one in rotation.sealed_columns() if (found := _strange_key(one))}
    except (BadKeys, OperationalError):
        return []  # said by the check above, and by whoever needs the database
    hint = "Put the key back into field.keys or CHAT_FIELD_KEYS, from the backup of the keys."
    return [
        Error(f"{one} holds values sealed under the key {key_id}, which is not there.", hint=hint, id="chat.E006")
        for one, key_id in strange.items()
    ]


def _strange_key(column: Column) -> str | None:
    """Before the first migration to it there are no roles, and whoever is logged in sees all."""
    try:
        return rotation.strange_key(column)
    except (DataError, ProgrammingError):
        return rotation.strange_key(column, transaction.atomic)
