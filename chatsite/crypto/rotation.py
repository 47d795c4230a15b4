"""Bringing what is stored to the newest key. It can be stopped and run again at any time, also while people chat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import transaction

from chatsite.crypto import columns, envelope
from chatsite.crypto.columns import Column, Rewritten, Unit
from chatsite.crypto.errors import Forged, UnknownKey
from chatsite.crypto.fields import Sealed
from chatsite.crypto.ring import ring
from chatsite.postgres.scope import as_auth

SEAL = {envelope.RANDOM: envelope.seal, envelope.DETERMINISTIC: envelope.seal_deterministically}


@contextmanager
def seeing_all() -> Iterator[None]:
    """A transaction that sees every sealed value. With fewer rights nothing would be found, and nothing missed."""
    with as_auth(), transaction.atomic():
        yield


def sealed_columns() -> list[Column]:
    """Every sealed column of every model, found by the class of its field."""
    fields = [field for model in apps.get_models() for field in model._meta.local_fields if not model._meta.proxy]
    return [field.sealed_column for field in fields if isinstance(field, Sealed)]


def counts(column: Column) -> dict[str | None, int]:
    """How many values are under which key, by its id; None: in the clear."""
    with seeing_all():
        return columns.counts(column)


def stale(column: Column) -> int:
    """How many values are not yet under the newest key."""
    return sum(count for key_id, count in counts(column).items() if key_id != ring().newest.id)


def unreadable(column: Column, unit: Unit = seeing_all) -> list[str]:
    """The ids of the keys under which values stand there that the ring cannot open, of each key one value tried."""
    with unit():
        return sorted(key_id for key_id, value in columns.samples(column).items() if not _opens(column, value))


def encrypt(column: Column, unit: Unit = seeing_all) -> Rewritten:
    """Seals under the newest key what is sealed under another one, and what is still in the clear. Raises SealError at
    a value that no key of the ring opens."""
    change = _sealed_object if column.jsonb else _sealed
    return columns.rewrite(column, lambda value: change(column, value), unit)


def decrypt(column: Column, unit: Unit = seeing_all) -> Rewritten:
    """Puts a column of text into the clear again, for going back to a version that knows nothing of this."""
    return columns.rewrite(column, lambda value: _open(column, value), unit)


def _sealed(column: Column, value: str) -> str:
    """`value` under the newest key; itself if it is."""
    if envelope.key_id(value) == ring().newest.id:
        return value
    return SEAL[column.form](_open(column, value), str(column))


def _opens(column: Column, value: str) -> bool:
    try:
        envelope.unseal(value, str(column))
    except (UnknownKey, Forged):
        return False
    return True


def _open(column: Column, value: str) -> str:
    """`value` in the clear; itself if it is."""
    return envelope.unseal(value, str(column)) if envelope.key_id(value) else value


def _sealed_object(column: Column, text: str) -> str:
    stored = json.loads(text)
    names = stored if column.members is None else column.members
    clear = {name: stored[name] for name in names if name in stored and not _is_sealed(stored[name])}
    new = stored | {name: envelope.seal(json.dumps(value), str(column)) for name, value in clear.items()}
    new = _throughout(new, lambda value: _sealed(column, value))
    return text if new == stored else json.dumps(new)


def _is_sealed(value: Any) -> bool:
    return isinstance(value, str) and envelope.key_id(value) is not None


def _throughout(value: Any, change: Callable[[str], str]) -> Any:
    """`value` with each sealed string in it changed."""
    if isinstance(value, dict):
        return {name: _throughout(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [_throughout(one, change) for one in value]
    return change(value) if _is_sealed(value) else value
