"""The envelope of a sealed text: `form.key id.payload`, all of it ASCII without quotes or blanks.

`v1` is AES-256-GCM: the payload is nonce and ciphertext, and sealing twice gives two values. `s1` is AES-SIV
(RFC 5297), deterministic: the same text gives the same value under the same key, so the database can find it and keep
it unique, and whoever reads the database sees which values are equal.

Each value is bound to its context, the column that it stands in: moved to another one it cannot be opened.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable

from cryptography.exceptions import InvalidTag

from chatsite.crypto.errors import Forged, NotSealed
from chatsite.crypto.ring import Key, ring

RANDOM, DETERMINISTIC = "v1", "s1"
NONCE = 12  # bytes
TAG = 16  # bytes, of either algorithm
HEADER = len("v1.01234567.")
FORM = re.compile(r"(v1|s1)\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)", re.ASCII)
PATTERN = r"[vs]1\.([0-9a-f]{8})\.[A-Za-z0-9_-]+"
"""The same for PostgreSQL, which answers with the key's id."""


def context(column: str, row: object = None) -> str:
    """What a value is bound to: `table.column` or `collection.field`, and its row's key where that is known."""
    return column if row is None else f"{column}|{row}"


def seal(text: str, where: str) -> str:
    """`text` under the newest key, different each time."""
    key, nonce = ring().newest, os.urandom(NONCE)
    return _write(RANDOM, key, nonce + key.random.encrypt(nonce, _bytes(text), _bound(RANDOM, key, where)))


def seal_deterministically(text: str, where: str) -> str:
    """`text` under the newest key, the same each time."""
    return _siv(ring().newest, text, where)


def as_sealed(text: str, where: str) -> list[str]:
    """What `text` looks like where it is sealed deterministically, under each key of the ring, newest first."""
    return [_siv(key, text, where) for key in ring().keys]


def unseal(value: str, where: str) -> str:
    """The text in a value of either form. Raises NotSealed, UnknownKey or Forged; never answers with anything else."""
    form, key_id, payload = _read(value)
    key = ring()[key_id]
    try:
        return _OPENED[form](key, payload, _bound(form, key, where)).decode("utf-8", "surrogatepass")
    except InvalidTag as error:
        raise Forged(f"A value of {where} was changed, or belongs elsewhere.") from error


def key_id(value: str) -> str | None:
    """The id of the key that a value is sealed under; None for what is not sealed."""
    found = FORM.fullmatch(value)
    return found and found[2]


def capacity(column: int) -> int:
    """How many bytes of text fit, sealed deterministically, into a column of so many characters."""
    return (column - HEADER) * 3 // 4 - TAG


def _siv(key: Key, text: str, where: str) -> str:
    return _write(DETERMINISTIC, key, key.deterministic.encrypt(_bytes(text), [_bound(DETERMINISTIC, key, where)]))


def _open_random(key: Key, payload: bytes, bound: bytes) -> bytes:
    if len(payload) < NONCE + TAG:
        raise InvalidTag
    return key.random.decrypt(payload[:NONCE], payload[NONCE:], bound)


def _open_deterministic(key: Key, payload: bytes, bound: bytes) -> bytes:
    return key.deterministic.decrypt(payload, [bound])


_OPENED: dict[str, Callable[[Key, bytes, bytes], bytes]] = {RANDOM: _open_random, DETERMINISTIC: _open_deterministic}


def _bound(form: str, key: Key, where: str) -> bytes:
    """The header is authenticated too."""
    return f"{form}.{key.id}|{where}".encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # whatever somebody types can be looked for


def _write(form: str, key: Key, payload: bytes) -> str:
    return f"{form}.{key.id}.{_text(payload)}"


def _read(value: str) -> tuple[str, str, bytes]:
    found = FORM.fullmatch(value)
    if found is None:
        raise NotSealed("A value is not sealed: `manage.py migrate`, then `manage.py reencrypt`, seal what is there.")
    payload = found[3]
    try:
        read = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    except ValueError as error:
        raise Forged("A sealed value was cut.") from error
    if _text(read) != payload:  # base64 lets the last bits be anything: a value has one spelling only
        raise Forged("A sealed value was changed.")
    return found[1], found[2], read


def _text(payload: bytes) -> str:
    return base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
