"""Tickets: how a client that may not put a token into a handshake signs its socket in. One use, 30 seconds.

A ticket is signed, so nothing is stored when one is issued. That it was used is remembered in the cache for all
processes and in this process as well: with Redis away a ticket still works, and once per process at most.
"""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

from django.core import signing
from django.core.cache import cache

from accounts.services.tokens.passes import Pass, stands
from chatsite.types import UserId

LIFETIME = 30  # seconds
signer = signing.TimestampSigner(salt="accounts.ticket")
_used: dict[str, float] = {}
_lock = threading.Lock()


def issue_ticket(user: UserId, family: UUID | None = None) -> str:
    """A ticket for this person, for the first frame of a socket. `family` is the session that asks for it, if it is
    one of refresh tokens: the socket ends with it."""
    return signer.sign(f"{user}/{family or ''}/{secrets.token_urlsafe(16)}")


def redeem_ticket(text: str) -> Pass | None:
    """Whose ticket this is, once and within 30 s and while account and session stand; else None."""
    try:
        user, family, nonce = signer.unsign(text, max_age=LIFETIME).split("/")
    except signing.BadSignature:
        return None
    shown = Pass(UserId(user), UUID(family) if family else None)
    return shown if _first_use(nonce) and stands(shown) else None


def _first_use(nonce: str) -> bool:
    now = time.monotonic()
    with _lock:
        for old in [key for key, until in _used.items() if until < now]:
            del _used[old]
        if nonce in _used:
            return False
        _used[nonce] = now + LIFETIME + 1
    return cache.add(f"ticket:{nonce}", True, LIFETIME + 1)
