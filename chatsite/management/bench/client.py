"""One socket of a simulated client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from chatsite.management.bench import frames
from chatsite.management.bench.frames import ProtocolError, Reader

BUFFER = bytearray(256 * 1024)
"""Where all sockets of the process receive: the event loop fills and hands it over in one step."""
VIEW = memoryview(BUFFER)

Listener = Callable[[bytes], None]


class Socket(asyncio.BufferedProtocol):
    """Hands the payload of each text frame to `listener`. `opened` and `closed` are settled once each."""

    def __init__(self, host: str, headers: dict[str, str], listener: Listener) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[int] = loop.create_future()
        self.listener = listener
        self._host, self._headers, self._key = host, headers, frames.new_key()
        self._reader, self._head = Reader(), b""
        self._code = 1006  # RFC 6455: ended without a close frame

    def send(self, payload: bytes) -> None:
        self.transport.write(frames.frame(payload))

    def cut(self) -> None:
        """Ends the connection without a word, as a lost network does."""
        self.transport.abort()

    # asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(frames.request(self._host, "/ws/", self._key, self._headers))

    def get_buffer(self, sizehint: int) -> bytearray:
        return BUFFER

    def buffer_updated(self, size: int) -> None:
        data = bytes(VIEW[:size])
        if not self.opened.done():
            data = self._shake(data)
        for opcode, payload in self._reader.feed(data):
            if opcode == frames.TEXT:
                self.listener(payload)
            elif opcode == frames.PING:
                self.transport.write(frames.frame(payload, frames.PONG))
            elif opcode == frames.CLOSE:
                self._code = int.from_bytes(payload[:2], "big")
                self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(error or ProtocolError("closed during the handshake"))
        if not self.closed.done():
            self.closed.set_result(self._code)

    def _shake(self, data: bytes) -> bytes:
        """Takes the answer to the handshake; returns what came after it."""
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if not end:
            return b""
        try:
            frames.check_answer(head, self._key)
        except ProtocolError as error:
            self.opened.set_exception(error)
            self.transport.close()
            return b""
        self.opened.set_result(None)
        return rest


async def connect(host: str, port: int, headers: dict[str, str], listener: Listener) -> Socket:
    """An open socket to /ws/. Raises OSError or ProtocolError."""
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: Socket(f"{host}:{port}", headers, listener), host, port)
    await socket.opened
    return socket
