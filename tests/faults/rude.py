"""Connections of clients that keep no rules: bytes go out as they are, and what comes is read only when asked for."""

from __future__ import annotations

import asyncio
import json
import socket
from urllib.parse import urlsplit

from chatsite.management.bench import frames
from tests.faults.needs import Person
from tests.faults.site import Site

SMALL = 4096  # bytes that the kernel holds for a reader, as asked for; it doubles them
ESTABLISHED = 1  # linux/tcp_states.h


class Rude:
    """An open socket to the chat that said hello. It is not read by itself, not even to answer a close."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = frames.Reader()

    @property
    def established(self) -> bool:
        """What the kernel knows, without reading."""
        return self._connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == ESTABLISHED

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._connection, data)

    async def say(self, type: str, **fields: object) -> None:
        await self.send(frames.frame(json.dumps({"type": type, **fields}).encode()))

    async def read(self) -> int | None:
        """Reads and forgets until the server closes; returns its code, or None where it says nothing."""
        loop = asyncio.get_running_loop()
        try:
            while data := await loop.sock_recv(self._connection, 65536):
                for opcode, body in self._received.feed(data):
                    if opcode == frames.CLOSE:
                        return int.from_bytes(body[:2], "big")
        except ConnectionError:
            pass
        return None

    def cut(self) -> None:
        self._connection.close()


async def connect(site: Site, person: Person, *, buffer: int = SMALL) -> Rude:
    """`buffer`: bytes the kernel may hold for it. Raises OSError or ProtocolError."""
    loop, parts, key = asyncio.get_running_loop(), urlsplit(site.socket_url), frames.new_key()
    connection = socket.socket()
    connection.setblocking(False)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    await loop.sock_connect(connection, (parts.hostname, parts.port))
    headers = {"Authorization": f"Bearer {person.token}"}
    await loop.sock_sendall(connection, frames.request(parts.netloc, "/ws/", key, headers))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = await loop.sock_recv(connection, 1)
        if not byte:
            raise frames.ProtocolError("closed during the handshake")
        head += byte
    frames.check_answer(head, key)
    rude = Rude(connection)
    await rude.say("hello", cursors={})
    return rude
