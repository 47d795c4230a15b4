"""The way out of one socket: it never waits, keeps order, and holds no more for a slow client than its bounds say."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from django.conf import settings

from chatsite.realtime import protocol
from chatsite.realtime.protocol import Event, encode
from chatsite.realtime.window import LAG_MAX, Cursors, Sent, counted, size_of, window

log = logging.getLogger(__name__)
BACKLOG_EVENTS = 500  # frames that wait for a server that pushes back; what the hub has beyond them is withheld
BACKLOG_BYTES = 256 * 1024
ANSWERS_MAX = 1024 * 1024  # bytes that may wait, answers to the client's own commands included


class Outflow:
    """Sends frames over an ASGI server. Two things stop the hub's events, never the answers to commands:

    - the window (PROTOCOL.md, "Flow control"): what the client has not acknowledged,
    - the backlog: what the server does not take, as the client does not read. No setting lifts this one.

    What was withheld is made good by `resumed`.
    """

    _send: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]  # the server's

    def __init__(self) -> None:
        self.closed = False
        self._window = window(settings.CHAT_RATE_LIMITS)
        self._backlog: deque[tuple[str, int]] = deque()
        self._waiting = 0  # bytes in the backlog
        self._withheld = False
        self._draining: asyncio.Task[None] | None = None
        self._moved_at = 0.0  # when the server last took something, on the clock of time.monotonic()

    def resumed(self) -> None:
        """Called when events flow again after some were withheld."""

    def event(self, event: Event) -> None:
        """Answers a command. A client that asks on and on without reading is closed."""
        if self.closed:
            return
        text = encode(event)
        self._write(text, counted(event, text))
        if self._waiting > ANSWERS_MAX + size_of(text):
            self.close(protocol.LAGGING)

    def push(self, text: str, sent: Sent | None = None, *, fleeting: bool = False) -> None:
        """Sends a frame of the hub, or withholds it: fleeting ones from half the window on, all when it is full."""
        if self.closed:
            return
        if not self._withheld and self._takes(fleeting):
            self._write(text, sent or Sent(size_of(text)))
        elif not fleeting:
            self._withheld = True

    def acknowledge(self, cursors: Cursors, *, unplaced: bool = False) -> None:
        """The client has what these cursors cover; of a ping also what no cursor can name."""
        self._window.acknowledge(cursors)
        if unplaced:
            self._window.acknowledge_unplaced()
        self._resume()

    async def drained(self) -> None:
        """Waits until nothing waits here: long answers are made one after another, as the client takes them."""
        while self._draining is not None:
            await asyncio.wait([self._draining])

    def lags(self, now: float) -> bool:
        """Whether the client neglected window or connection for LAG_MAX. `now` is time.monotonic()."""
        stuck = self._draining is not None and now - self._moved_at > LAG_MAX
        return stuck or self._window.neglected(now)

    def close(self, code: int) -> None:
        """Closes the socket with one of PROTOCOL.md's codes. Repeating does nothing."""
        if not self.closed:
            self.closed = True
            asyncio.ensure_future(self._close(code))  # noqa: RUF006

    def _takes(self, fleeting: bool) -> bool:
        if self._draining is not None and (
            fleeting or len(self._backlog) >= BACKLOG_EVENTS or self._waiting >= BACKLOG_BYTES
        ):
            return False
        return not (self._window.half_full if fleeting else self._window.full)

    def _write(self, text: str, sent: Sent) -> None:
        self._window.add(sent)
        if self._draining is not None:
            self._backlog.append((text, sent.size))
            self._waiting += sent.size
            return
        sending = self._send({"type": "websocket.send", "text": text})
        try:
            # a server's send suspends only when the peer is slow: the usual case needs no task
            waiting = sending.send(None)
        except StopIteration:
            return
        except Exception as error:
            self._lost(error)
            return
        self._moved_at = time.monotonic()
        self._draining = asyncio.ensure_future(self._drain(_Rest(sending, waiting)))

    async def _drain(self, rest: _Rest) -> None:
        try:
            await rest
            while self._backlog and not self.closed:
                self._moved_at = time.monotonic()
                text, size = self._backlog.popleft()
                self._waiting -= size
                await self._send({"type": "websocket.send", "text": text})
        except Exception as error:
            self._lost(error)
        finally:
            self._draining = None
        self._resume()

    def _resume(self) -> None:
        if self._withheld and self._draining is None and not self._window.full and not self.closed:
            self._withheld = False
            self.resumed()

    async def _close(self, code: int) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code})
        except Exception as error:
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        self.closed = True
        log.debug("a socket went away while sending: %s", error)


class _Rest:
    """The rest of a coroutine whose first step was already run: awaiting it goes on where that step suspended."""

    def __init__(self, started: Coroutine[Any, Any, None], waiting: Any) -> None:
        self._started, self._waiting = started, waiting

    def __await__(self) -> Generator[Any, Any, None]:
        waiting = self._waiting
        while True:
            answer = yield waiting
            try:
                waiting = self._started.send(answer)
            except StopIteration:
                return
