"""HMACs by which values that are sealed at random can be found again and kept from standing there twice.

For documents in MongoDB, as a push subscription will be: seal the endpoint with `envelope.seal`, store `fingerprint` of
it beside, under a unique index, and look with `$in` over `fingerprints`, which finds it whichever key is the newest.
"""

from __future__ import annotations

import hmac

from chatsite.crypto.ring import Key, ring


def fingerprint(text: str, where: str) -> str:
    """64 hex digits (HMAC-SHA256) of `text` in its place under the newest key."""
    return _hmac(ring().newest, text, where)


def fingerprints(text: str, where: str) -> list[str]:
    """The same under each key of the ring, newest first."""
    return [_hmac(key, text, where) for key in ring().keys]


def _hmac(key: Key, text: str, where: str) -> str:
    return hmac.digest(key.index, f"{where}|".encode() + text.encode("utf-8", "surrogatepass"), "sha256").hex()
