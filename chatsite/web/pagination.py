"""Where a page ended, as one opaque word that travels in an address."""

from __future__ import annotations

import base64
import binascii

from chatsite.errors import Invalid

SEPARATOR = "\0"  # stands in no name and no id


def pack(*parts: str) -> str:
    """Some text as one word of letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(SEPARATOR.join(parts).encode()).rstrip(b"=").decode()


def unpack(word: str, count: int) -> list[str]:
    """The `count` parts of a packed word. Raises Invalid for anything `pack` cannot have made."""
    try:
        padded = word.encode("ascii") + b"=" * (-len(word) % 4)
        parts = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split(SEPARATOR)
    except (binascii.Error, UnicodeError):
        parts = []
    if len(parts) != count:
        raise Invalid("This cursor is not one of ours.", fields={"cursor": ["This cursor is not one of ours."]})
    return parts
