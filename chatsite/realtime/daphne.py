"""daphne as the chat runs it: `python -m chatsite.realtime.daphne` takes daphne's own options.

Plain `daphne` works as well, but there a client that does not read, or sends faster than its commands are carried out,
takes as much memory as it likes. Better here:

- `send` waits while more than Twisted's 64 KiB wait for a client, as uvicorn's does, and what a client sends is read no
  faster than it is taken, nor while it does not read.

- A planned stop closes sockets with 1012 (RFC 6455 registry, "Service Restart"), as uvicorn does. autobahn lets an
  application send 1000 and 3000 to 4999 only; on plain daphne clients see the connection drop after `bye`.
- An event for many sockets is framed once, and written at once where nothing waits before it. autobahn frames and
  logs each message anew for each socket, and Twisted asks the kernel twice whether it may write: together about half
  of what a delivery costs.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from autobahn.websocket import protocol as websocket
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from chatsite.realtime.framing import frame
from chatsite.realtime.protocol import RESTART

REST = 0.002  # seconds between two connections taken, in which another process may take one
TAKEN_MAX = 32  # frames of one client that wait to be carried out
TAKEN_BYTES = 256 * 1024


class Inbox(asyncio.Queue[dict[str, Any]]):
    """What a client sent and the application has not taken. A full one makes the client wait."""

    def __init__(self, protocol: ChatProtocol) -> None:
        super().__init__()
        self._protocol = protocol
        self._size = 0

    @property
    def crowded(self) -> bool:
        return self.qsize() >= TAKEN_MAX or self._size >= TAKEN_BYTES

    def _put(self, item: dict[str, Any]) -> None:
        super()._put(item)
        self._size += _size(item)
        if self.crowded:
            self._protocol.read_or_wait()

    def _get(self) -> dict[str, Any]:
        crowded = self.crowded
        item = super()._get()
        self._size -= _size(item)
        if crowded and not self.crowded:
            self._protocol.read_or_wait()
        return item


def _size(item: dict[str, Any]) -> int:
    return len(item.get("text") or item.get("bytes") or "")


class ChatProtocol(WebSocketProtocol):  # type: ignore[misc]
    """daphne's socket with a shorter way out, which closes while the client does not read."""

    CONFIG_ATTRS: ClassVar[list[str]] = []
    """autobahn copies these from its factory, and prints them for a log that nobody reads: a sixth of a connection."""

    inbox: Inbox | None = None
    room: asyncio.Event | None = None
    """Set when there is room again for what is sent; None while there is."""

    def connectionMade(self) -> None:
        self.transport.unregisterProducer()  # daphne leaves the one of the HTTP request behind
        self.transport.registerProducer(self, True)
        for name in WebSocketProtocol.CONFIG_ATTRS:
            setattr(self, name, getattr(self.factory, name))
        super().connectionMade()
        self.failByDrop = False  # who breaks the protocol is told so

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:
        if binary or self.state != self.STATE_OPEN or self.send_queue:
            super().serverSend(content, binary)
        else:
            self._write(frame(str(content)))

    def serverClose(self, code: int | None = None) -> None:
        if code == RESTART:
            self.sendCloseFrame(code=code)
        else:
            super().serverClose(code)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.state == self.STATE_OPEN:  # what comes after the close is for nobody
            super().onMessage(payload, isBinary)

    def read_or_wait(self) -> None:
        """Reads on, unless the client must take or we must carry out something first."""
        if self.room is not None or (self.inbox is not None and self.inbox.crowded):
            self.transport.pauseProducing()
        else:
            self.transport.resumeProducing()

    # Called by the transport, whose producer this is

    def pauseProducing(self) -> None:
        if self.room is None:
            self.room = asyncio.Event()
            self.read_or_wait()

    def resumeProducing(self) -> None:
        self._let_go()
        self.read_or_wait()
        if self.transport.disconnecting:
            self.transport.unregisterProducer()  # a transport that has a producer does not end

    def stopProducing(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        if self.room is not None:
            self.room.set()
            self.room = None

    def _write(self, data: bytes) -> None:
        """Hands the data to the kernel now, unless something is waiting there; what it does not take, waits."""
        transport = self.transport
        waiting = transport.dataBuffer or transport._tempDataBuffer or transport.disconnecting
        written = 0 if waiting or not transport.connected else transport.writeSomeData(data)
        if not isinstance(written, int) or written < 0:
            written = 0  # lost: writing in the ordinary way finds that out, and ends the connection
        if written < len(data):
            transport.write(data[written:])


def unlogged(factory: HTTPFactory, request: Any) -> None:
    """Twisted words a line about each request for a log that nobody reads: a tenth of what a small one costs."""


def unadorned(*words: object, **look: object) -> str:
    """autobahn colours what it says of each connection for a log that nobody reads."""
    return ""


class ChatServer(Server):  # type: ignore[misc]
    """daphne's server, where both directions of a socket wait for the slower side."""

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> asyncio.Queue[dict[str, Any]] | None:
        if not isinstance(protocol, ChatProtocol):
            inbox: asyncio.Queue[dict[str, Any]] | None = super().create_application(protocol, scope)
            if inbox is not None:
                self.connections[protocol]["application_instance"].add_done_callback(partial(self._forget, protocol))
            return inbox
        scope["asgi"] = {"version": "3.0"}
        protocol.inbox = Inbox(protocol)
        send = partial(self.handle_reply, protocol)
        running = asyncio.ensure_future(self.application(scope=scope, receive=protocol.inbox.get, send=send))
        self.connections[protocol]["application_instance"] = running
        return protocol.inbox

    def _forget(self, request: Any, running: asyncio.Future[None]) -> None:
        """A request that was answered is over. daphne keeps it, and all that belongs to it, until it looks for such
        once a second; those that failed are left to that look, which reports them."""
        answered = not running.cancelled() and running.exception() is None
        if answered and "disconnected" in self.connections.get(request, ()):
            del self.connections[request]

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        if os.environ.get("CHAT_PROCESSES", "1") != "1":
            port.doRead = partial(_accept_and_rest, port, port.doRead)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await super().handle_reply(protocol, message)
            await _taken(protocol)
            return
        if message["type"] != "websocket.send" or protocol.state != protocol.STATE_OPEN:
            await super().handle_reply(protocol, message)
            return
        protocol.handle_reply(message)
        if protocol.room is not None:
            await protocol.room.wait()


class Room:
    """What Twisted tells when there is room again for more of an answer."""

    def __init__(self) -> None:
        self.there = asyncio.Event()

    def pauseProducing(self) -> None:
        """It waits already."""

    def resumeProducing(self) -> None:
        self.there.set()

    stopProducing = resumeProducing


async def _taken(request: Any) -> None:
    """Waits while more of an answer than Twisted's 64 KiB waits for its client."""
    if request.finished:
        return  # it has no channel any more
    if request.channel is None or not request.channel._waitingForTransport:
        return
    room = Room()
    request.registerProducer(room, True)
    try:
        await room.there.wait()
    finally:
        if request.channel is not None:
            request.unregisterProducer()


def _accept_and_rest(port: Any, accept: Callable[[], None]) -> None:
    port.numberAccepts = 1  # Twisted takes ever more at a time: all of a burst would be one process's
    accept()
    port.stopReading()
    asyncio.get_running_loop().call_later(REST, lambda: port.connected and port.startReading())


if __name__ == "__main__":
    WebSocketFactory.protocol = ChatProtocol
    HTTPFactory.log = unlogged
    websocket.hltype = websocket.hlval = unadorned
    CommandLineInterface.server_class = ChatServer
    CommandLineInterface.entrypoint()
