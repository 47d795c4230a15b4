"""Addresses in running text, and which ones may become links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# One character class and nothing to backtrack into: linear for any text. Quotes and angle brackets end an address, and
# so do the characters that turn the direction of writing round, because with them a link can look like another one.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f]+", re.IGNORECASE)
_HOST = re.compile(r"\w[\w.-]*")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_PUNCTUATION = ".,;:!?*_~…"
SCHEMES = {"http", "https", "mailto"}


def at(text: str, start: int) -> str:
    """The http or https address that begins there, without the punctuation of the sentence around it; or ""."""
    found = _ADDRESS.match(text, start)
    address = _trimmed(found.group()) if found else ""
    return address if address and host(address) else ""


def within(text: str) -> str:
    """The first address anywhere in a text, or ""."""
    found = _ADDRESS.search(text)
    return found.group() if found else ""


def host(address: str) -> str:
    """The host of an address in lower case; "" where there is none that a browser would ask."""
    try:
        parts = urlsplit(address)
        found, _port = parts.hostname or "", parts.port
    except ValueError:  # "http://[", a port of six digits and the like
        return ""
    return found if ":" in found or _HOST.fullmatch(found) else ""


def allowed(address: str) -> bool:
    """Whether a link may lead there: to a host by http or https, or to somebody's mail."""
    scheme, _colon, rest = address.strip().partition(":")
    if scheme.lower() == "mailto":
        return "@" in rest
    return scheme.lower() in SCHEMES and bool(host(address))


def _trimmed(address: str) -> str:
    """A closing bracket stays if it was opened within."""
    surplus = {close: address.count(close) - address.count(opened) for close, opened in _CLOSING.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    return address[:end]
