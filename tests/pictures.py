"""Pictures to upload, made when they are needed: good ones, and such as attackers send."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
SCRIPT = b"<html><script>alert(document.cookie)</script>"


def picture(kind: str = "PNG", width: int = 60, height: int = 40, colour: str = "red", **options: object) -> bytes:
    """A picture of one colour."""
    return saved(Image.new("RGB", (width, height), colour), kind, **options)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def halves(width: int = 200, height: int = 100) -> Image.Image:
    """Left red, right blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def bomb(edge: int) -> bytes:
    """A PNG of edge × edge black pixels, which takes little room until it is decoded."""
    row, packer = b"\0" * (1 + (edge + 7) // 8), zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(edge)) + packer.flush()
    head = struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def lying_header(width: int, height: int) -> bytes:
    """A PNG that says it is large and ends at once."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"")


def polyglots() -> dict[str, bytes]:
    """Files that are a picture and a page: whoever believed the second would run it."""
    return {
        "page behind a JPEG": picture("JPEG") + SCRIPT,
        "page in a JPEG's comment": picture("JPEG", comment=SCRIPT),
        "page behind a GIF": picture("GIF") + SCRIPT,
        "page in a GIF's comment": picture("GIF", comment=SCRIPT),
        "archive behind a PNG": picture("PNG") + b"PK\x03\x04" + SCRIPT,
    }
