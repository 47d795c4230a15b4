"""An event for many sockets is framed once (RFC 6455, 5.2)."""

from __future__ import annotations

from websockets.frames import Frame, Opcode

_framed: tuple[str, bytes] = ("", b"")


def frame(text: str) -> bytes:
    """The frame of a text message. The last one is kept: the hub hands the same text to one socket after another."""
    global _framed
    if text is not _framed[0]:
        _framed = (text, Frame(Opcode.TEXT, text.encode()).serialize(mask=False))
    return _framed[1]
