"""From an upload that nobody has looked at to squares, or whole pictures that are smaller, in WebP.

What a file is, its first bytes say; its name and the type it claims count for nothing, because nothing of the file is
kept but the pixels. They are decoded in a process of its own without our environment, one at a time per web process,
which is killed when it takes too long (SECURITY.md 5: a PNG of 20 KB takes 821 MB).
"""

from __future__ import annotations

import io
import logging
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import puremagic
from django.utils.translation import gettext as _

from chatsite.errors import ChatError, Invalid, TooLarge, Unavailable, Unsupported

log = logging.getLogger(__name__)
WORKER = Path(__file__).with_name("worker.py")
BYTES_MAX = 8 * 1024 * 1024
PIXELS_MAX = 40_000_000
SECONDS_MAX = 10  # to decode in, and to wait for one's turn
AGAIN = 5.0  # seconds after which one may try again when the turn did not come
HEAD = 64  # bytes that are looked at
SIZES = (48, 128, 512)  # pixels along an edge
MEDIA_TYPES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
"""What is taken, and how Pillow calls it."""

TOO_MANY_PIXELS, BROKEN, TOO_MUCH_MEMORY = 2, 3, 4  # the worker's exit status; this process does not load Pillow

_turn = threading.BoundedSemaphore(1)


class Crop(NamedTuple):
    """The square to keep, in pixels of the picture held upright. What reaches over an edge is moved inside."""

    x: int
    y: int
    side: int


MIDDLE = Crop(0, 0, 0)


def squares(picture: bytes, crop: Crop = MIDDLE) -> dict[int, bytes]:
    """The picture as WebP, by edge in pixels. Raises Unsupported, TooLarge, Invalid, and Unavailable when many wait."""
    if len(picture) > BYTES_MAX:
        raise TooLarge(_("At most %(most)d MB, please.") % {"most": BYTES_MAX // 1024**2})
    return dict(zip(SIZES, _worked(io.BytesIO(picture), "square", *crop, *SIZES), strict=True))


class Whole(NamedTuple):
    """A picture held upright: its size in pixels, and smaller ones of it by what their longer side may be at most."""

    width: int
    height: int
    smaller: dict[int, bytes]


def whole(picture: IO[Any], edges: tuple[int, ...]) -> Whole:
    """The picture in this file in sizes that fit into these `edges`, each a WebP with nothing but pixels; none is
    enlarged. Raises as `squares`."""
    size, *made = _worked(picture, "whole", *edges)
    width, height = struct.unpack(">II", size)
    return Whole(width, height, dict(zip(sorted(edges, reverse=True), made, strict=True)))


def _worked(picture: IO[Any], shape: str, *numbers: int) -> list[bytes]:
    kind = _kind(picture.read(HEAD))
    picture.seek(0)
    if not _turn.acquire(timeout=SECONDS_MAX):
        raise Unavailable(_("Many pictures are being worked on. Please try again in a moment."), retry_after=AGAIN)
    try:
        return list(_parts(_decode(picture, shape, kind, PIXELS_MAX, *numbers)))
    finally:
        _turn.release()


def _kind(head: bytes) -> str:
    if not head:
        raise Invalid(_("This file is empty."))
    try:
        guesses = {guess.mime_type for guess in puremagic.magic_string(head)}
    except puremagic.PureError:
        guesses = set()
    for media_type, kind in MEDIA_TYPES.items():
        if media_type in guesses:
            return kind
    raise Unsupported(_("This is not a picture we can read. Take a PNG, JPEG, GIF, WebP or AVIF file."))


def _decode(picture: IO[Any], *arguments: str | int) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  our own program; nothing of the upload is among its arguments
            [sys.executable, "-I", str(WORKER), *map(str, arguments)],
            **_given(picture),
            capture_output=True,
            timeout=SECONDS_MAX,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal(TOO_MUCH_MEMORY) from None
    if done.returncode != 0:
        log.info("A picture could not be decoded (%d): %s", done.returncode, done.stderr[-500:])
        raise _refusal(done.returncode)
    made: bytes = done.stdout
    return made


def _given(picture: IO[Any]) -> dict[str, Any]:
    """A file is read by the worker itself: this process does not hold it."""
    return {"input": picture.getvalue()} if isinstance(picture, io.BytesIO) else {"stdin": picture}


def _refusal(status: int) -> ChatError:
    if status == TOO_MANY_PIXELS:
        return TooLarge(_("At most %(most)d million pixels, please.") % {"most": PIXELS_MAX // 10**6})
    if status == BROKEN:
        return Invalid(_("This picture is broken or cut off. Please save it again, or take another one."))
    return TooLarge(_("This picture takes too long to read. Please take a smaller one."))


def _parts(made: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(made):
        (length,) = struct.unpack_from(">I", made, at)
        yield made[at + 4 : at + 4 + length]
        at += 4 + length
