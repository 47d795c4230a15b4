"""The keys that stored values are sealed under, newest first. They are kept beside the databases, never in them.

Each root key of FIELD_KEYS gives independent keys, one per job, so that none is used in two ways.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from django.conf import settings

from chatsite.crypto.errors import BadKeys, UnknownKey
from chatsite.crypto.keys import derive

ROOT = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)  # 32 bytes in hex
ID_LENGTH = 4  # bytes of a key's id; in hex, so that it means nothing to LIKE
SIV_LENGTH = 64  # bytes: AES-256-SIV takes two keys of 32
HINT = "Run `manage.py up` once, which keeps one in the data directory, or set CHAT_FIELD_KEYS to 64 hex digits."


@dataclass(frozen=True)
class Key:
    """One key of the ring. `id` stands in each value that it sealed and tells nothing of the key."""

    id: str
    random: AESGCM
    deterministic: AESSIV
    index: bytes = field(repr=False)  # an error page or a log may show a ring


@dataclass(frozen=True)
class Ring:
    """Every key that values may be sealed under; new ones are sealed under the newest."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        return self.keys[0]

    def __getitem__(self, key_id: str) -> Key:
        """Raises UnknownKey."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise UnknownKey(f"Sealed under the key {key_id}, which is not in CHAT_FIELD_KEYS or field.keys: put it back.")


def ring() -> Ring:
    """The ring of the settings. Raises BadKeys when there is no key or one is malformed."""
    return _ring(tuple(settings.FIELD_KEYS))


@functools.lru_cache(maxsize=8)
def _ring(roots: tuple[str, ...]) -> Ring:
    if not roots:
        raise BadKeys("There is no key for sealed columns.", HINT)
    for place, root in enumerate(roots, start=1):
        if not ROOT.fullmatch(root):
            raise BadKeys(f"Key {place} for sealed columns is not 64 hex digits.", HINT)
    keys = tuple(_key(root.lower()) for root in roots)
    if len({key.id for key in keys}) < len(keys):
        raise BadKeys("A key for sealed columns stands there twice.", "Remove one of the two.")
    return Ring(keys)


def _key(root: str) -> Key:
    return Key(
        id=derive(root, "field/id", ID_LENGTH).hex(),
        random=AESGCM(derive(root, "field/random")),
        deterministic=AESSIV(derive(root, "field/deterministic", SIV_LENGTH)),
        index=derive(root, "field/index"),
    )
