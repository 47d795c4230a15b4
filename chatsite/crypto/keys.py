"""Keys derived from a secret, one per purpose, so that none ever does two jobs."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def secrets() -> tuple[str, ...]:
    """The root secrets, newest first: SECRET_KEY, then those it replaced and that still verify."""
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


def derive(secret: str, purpose: str, length: int = 32) -> bytes:
    """`length` bytes for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"chat/{purpose}".encode()).derive(secret.encode())
