"""What a file is, by its first bytes. What its name or its sender say counts for nothing."""

from __future__ import annotations

import puremagic

HEAD = 4096  # bytes that are looked at
UNKNOWN = "application/octet-stream"
PLAIN = "text/plain"
ARCHIVE = "application/zip"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")
FILMS = ("video/mp4", "video/webm", "video/ogg")
SOUNDS = ("audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav", "audio/flac")
PLAYED = frozenset(FILMS + SOUNDS)
"""What a browser plays in the page, and nothing of it can be run."""
DOCUMENTS = {"text/html", "image/svg+xml", "application/xml", "text/xml", "application/pdf"}
ALIASES = {
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/mp3": "audio/mpeg",
}
SAFE_BYTES = bytes([*range(0x20, 0x100), 0x09, 0x0A, 0x0C, 0x0D, 0x1B])


def media_type(head: bytes) -> str:
    """The type of a file that begins with these up to HEAD bytes."""
    return _by_signature(head) or _guessed(head) or (PLAIN if _is_text(head) else UNKNOWN)


def _by_signature(head: bytes) -> str:
    """Containers that puremagic takes for many things at once."""
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"OggS"):
        return "video/ogg" if b"\x80theora" in head[:512] else "audio/ogg"
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2")):
        return "audio/mpeg"
    return ARCHIVE if head.startswith(b"PK\x03\x04") else ""


def _boxed(brand: bytes) -> str:
    """ISO base media, by its major brand."""
    if brand in (b"avif", b"avis"):
        return "image/avif"
    if brand in (b"heic", b"heix", b"mif1", b"msf1"):
        return "image/heic"
    if brand in (b"M4A ", b"M4B "):
        return "audio/mp4"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def _guessed(head: bytes) -> str:
    try:
        guesses = [guess.mime_type for guess in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return ""
    named = [ALIASES.get(one, one) for one in guesses if one]
    believed = (one for one in named if one in PICTURES or one in SOUNDS or one in DOCUMENTS)
    return next(believed, "" if _is_text(head) or not named else named[0])


def _is_text(head: bytes) -> bool:
    if not head or head.translate(None, SAFE_BYTES):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) >= HEAD  # the cut went through a character
    return True
