"""Where the bytes of a file are: its pieces while it comes, then the whole, and of a picture smaller ones."""

from __future__ import annotations

import base64
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_hex
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from chatsite import images
from chatsite.errors import Invalid, TooLarge, Unsupported
from chatsite.web import scanning
from chatsite.web.sniffing import HEAD, PICTURES, media_type
from chatsite.web.storage import listing, untouched
from messaging.documents import Upload
from messaging.presentation.attachments import LARGE, SMALL

log = logging.getLogger(__name__)
FOLDER, PIECES = "files", "pieces"  # in the storage
SIZES = (SMALL, LARGE)
BLUR = 16  # pixels of what stands in a picture's place
PICTURE_MAX = 64 * 1024 * 1024  # bytes; what is larger is a file like any other


def whole(key: str) -> str:
    """The name in the storage of a file."""
    return f"{FOLDER}/{key[:2]}/{key}"


def smaller(key: str, size: int) -> str:
    return f"{whole(key)}.{size}.webp"


def put_piece(upload: Upload, content: File[Any]) -> str:
    """Stores a piece and returns its name. Two that come at once for the same place do not meet."""
    return default_storage.save(f"{PIECES}/{upload.key}.{upload.received}.{token_hex(4)}", content)


def drop(name: str) -> None:
    default_storage.delete(name)


def old_pieces(age: timedelta) -> Iterator[tuple[str, str]]:
    """Pieces that are as old as this: the key of their file, and their name."""
    for name in listing(PIECES)[1]:
        if untouched(f"{PIECES}/{name}", age):
            yield name.partition(".")[0], f"{PIECES}/{name}"


def remove(upload: Upload) -> None:
    """Deletes all there is of it."""
    key = upload.bytes_key
    for name in (*upload.pieces, whole(key), *(smaller(key, size) for size in SIZES)):
        default_storage.delete(name)


def assemble(upload: Upload) -> dict[str, Any]:
    """Makes the whole of the pieces and looks at it. Returns what is known of it then; doing so again does no harm.

    Raises Unavailable where many pictures are being worked on, and what `take` and the storage raise.
    """
    with tempfile.TemporaryFile(dir=settings.DATA_DIR, buffering=0) as file:
        for name in upload.pieces:
            with default_storage.open(name) as piece:
                shutil.copyfileobj(piece, file)
        return take(upload.key, file, upload.size)


def take(key: str, file: IO[Any], size: int) -> dict[str, Any]:
    """Stores a whole file, and of a picture what is shown of it. Returns its type and, of a picture, its size.

    Raises Blocked and Unavailable where a scanner says no, or nothing.
    """
    scanning.check(file)
    file.seek(0)
    kind = media_type(file.read(HEAD))
    pictured = _pictured(key, file) if kind in PICTURES and size <= PICTURE_MAX else {}
    file.seek(0)
    default_storage.save(whole(key), File(file))
    return {"type": kind, **pictured}


def _pictured(key: str, file: IO[Any]) -> dict[str, Any]:
    """Nothing where it cannot be read, or not safely: then it is a file like any other."""
    file.seek(0)
    try:
        made = images.whole(file, (*SIZES, BLUR))
    except (Invalid, TooLarge, Unsupported) as refusal:
        log.info("A picture is taken as a file: %s", refusal.detail)
        return {}
    for size in SIZES:
        default_storage.save(smaller(key, size), ContentFile(made.smaller[size]))
    blur = base64.b64encode(made.smaller[BLUR]).decode()
    return {"width": made.width, "height": made.height, "blur": f"data:image/webp;base64,{blur}"}


@contextmanager
def gathered(content: Iterator[bytes]) -> Iterator[IO[Any]]:
    """What comes block by block, as a file on disk."""
    with tempfile.TemporaryFile(dir=settings.DATA_DIR, buffering=0) as file:
        for block in content:
            file.write(block)
        yield file
