"""The client's half of RFC 6455, as little of it as a measurement needs: it must cost less than what it measures."""

from __future__ import annotations

import base64
import hashlib
import os

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FINAL = 0x80


class ProtocolError(Exception):
    """The server sent what this client does not understand."""


def new_key() -> bytes:
    """A fresh Sec-WebSocket-Key."""
    return base64.b64encode(os.urandom(16))


def request(host: str, path: str, key: bytes, headers: dict[str, str]) -> bytes:
    """The opening handshake."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key.decode()}",
        "Sec-WebSocket-Version: 13",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def check_answer(head: bytes, key: bytes) -> None:
    """Raises ProtocolError unless `head` accepts the handshake made with `key`."""
    accept = base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())
    if not head.startswith(b"HTTP/1.1 101 ") or accept not in head:
        raise ProtocolError(head.partition(b"\r\n")[0].decode("latin-1"))


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One whole frame, masked with a random key as every client's must be."""
    size, mask = len(payload), os.urandom(4)
    if size < 126:
        head = bytes((FINAL | opcode, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((FINAL | opcode, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((FINAL | opcode, 0x80 | 127)) + size.to_bytes(8, "big")
    key = (mask * (size // 4 + 1))[:size]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + masked.to_bytes(size, "big")


class Reader:
    """Cuts what a server sends into frames. Servers here send whole messages: a fragment is an error."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The (opcode, payload) of every frame completed by `data`. Raises ProtocolError."""
        if self._rest:
            data = self._rest + data
        found, at, end = [], 0, len(data)
        while end - at >= 2:
            first, size = data[at], data[at + 1]
            if not first & FINAL or first & 0x70 or size & 0x80:
                raise ProtocolError(f"unexpected frame {data[at : at + 2].hex()}")
            start = at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                start += width
                if end < start:
                    break
                size = int.from_bytes(data[start - width : start], "big")
            if end - start < size:
                break
            at = start + size
            found.append((first & 0x0F, data[start:at]))
        self._rest = data[at:]
        return found
