"""A file is what its bytes say."""

from __future__ import annotations

import pytest

from chatsite.web.sniffing import HEAD, media_type
from tests import pictures

BRANDS = {b"isom": "video/mp4", b"M4A ": "audio/mp4", b"qt  ": "video/quicktime", b"heic": "image/heic"}
FILES = {
    **{f"image/{kind.lower()}": pictures.picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF")},
    **{kind: b"\0\0\0\x20ftyp" + brand + bytes(60) for brand, kind in BRANDS.items()},
    "video/webm": bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d") + bytes(60),
    "video/x-matroska": bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b61"),
    "audio/ogg": b"OggS\0\2" + bytes(22) + b"\1vorbis" + bytes(30),
    "video/ogg": b"OggS\0\2" + bytes(22) + b"\x80theora" + bytes(30),
    "audio/mpeg": b"ID3\3\0\0\0\0\0\x0a" + bytes(100),
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(30),
    "audio/flac": b"fLaC\0\0\0\x22" + bytes(50),
    "application/pdf": b"%PDF-1.7\n%abc\n",
    "application/zip": b"PK\x03\x04" + bytes(60),
    "image/svg+xml": pictures.SVG,
    "text/html": pictures.SCRIPT,
    "text/plain": "Grüße, kite".encode(),
    "application/octet-stream": bytes(range(1, 60)),
}


@pytest.mark.parametrize("kind", FILES)
def test_kinds(kind: str) -> None:
    assert media_type(FILES[kind][:HEAD]) == kind


def test_text_that_is_cut_within_a_character_is_text() -> None:
    assert media_type(("x" + "é" * HEAD).encode()[:HEAD]) == "text/plain"
    assert media_type(b"x\xe9y") == "application/octet-stream"


@pytest.mark.parametrize("kind", [one for one in FILES if one.startswith("image/") and "svg" not in one])
def test_a_page_is_no_picture_and_a_picture_no_page(kind: str) -> None:
    assert media_type(FILES[kind][:32] + pictures.SCRIPT) == kind
    assert media_type(pictures.SCRIPT + FILES[kind]) not in (kind, "video/mp4")
