"""This process's line to the other ones, through the channel layer.

One group for all: with more than a few conversations open, every process would listen to every part of them anyway.
One message of the layer is on its way at a time and carries all that was published meanwhile, so a busy process sends
few and long ones, in order.

It has a thread and an event loop of its own: on the loop of the sockets what goes to the other processes would wait
until a burst has been handed to everybody here, and what comes from them as well.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache
from typing import Any

import msgspec
from channels.layers import get_channel_layer

from chatsite.realtime.publication import Publication

log = logging.getLogger(__name__)
GROUP = "hub"
RETRY = 1.0  # seconds
READY_WITHIN = 1.0  # seconds that a hello waits for the channel layer
SEND_WITHIN = 2.0  # seconds: what is published meanwhile waits in memory
ORIGIN = uuid.uuid4().hex


class Link:
    """Sends what is published here, from any thread, and hands what others published to `hear`, in its own thread."""

    def __init__(self, hear: Callable[[Sequence[Publication]], None]) -> None:
        self._hear = hear
        self._listening: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._working: asyncio.Task[None] | None = None
        self._outgoing: list[Publication] = []
        self._one = threading.Lock()
        self._sending = False

    def open(self) -> None:
        """Begins to listen, until the process ends."""
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it before the process does."""
        if self._thread is not None and self._loop is not None and self._working is not None:
            self._loop.call_soon_threadsafe(self._working.cancel)
            self._thread.join()

    async def ready(self) -> None:
        """Waits until others are heard, or for a moment: the layer may be away."""
        if not self._listening.done():
            with suppress(TimeoutError):  # shielded: who gives up would cancel it for all
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._listening)), READY_WITHIN)

    def send(self, publications: Iterable[Publication]) -> None:
        """Hands these to the other processes, soon and in order."""
        with self._one:
            self._outgoing.extend(publications)
            if self._sending or self._loop is None:
                return
            self._sending = True
        asyncio.run_coroutine_threadsafe(self._send(), self._loop)

    async def _send(self) -> None:
        while publications := self._taken():
            await spread(publications)

    def _taken(self) -> list[Publication]:
        with self._one:
            publications, self._outgoing = self._outgoing, []
            self._sending = bool(publications)
            return publications

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._work())

    async def _work(self) -> None:
        self._loop, self._working = asyncio.get_running_loop(), asyncio.current_task()
        self.send(())  # what was published before there was a loop
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                if not self._listening.done():
                    self._listening.set_result(None)
                while True:
                    self.hear(await layer.receive(channel))
            except Exception as error:
                log.warning("listening to the channel layer failed, trying again: %s", error)
                await asyncio.sleep(RETRY)

    def hear(self, message: dict[str, Any]) -> None:
        """Takes a message of the layer. What this process sent itself was delivered before."""
        if message["origin"] != ORIGIN:
            self._hear(_decoder.decode(message["events"]))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Publication])


async def spread(publications: Sequence[Publication]) -> None:
    """Sends these in one message. The layer may be away: clients then catch up by themselves."""
    message = {"type": "hub.events", "origin": ORIGIN, "events": _encoder.encode(publications)}
    try:
        async with asyncio.timeout(SEND_WITHIN):
            await get_channel_layer().group_send(GROUP, message)
    except Exception as error:
        log.warning("publishing to the channel layer failed, clients will catch up by themselves: %r", error)


def spread_now(publications: Sequence[Publication]) -> None:
    """The same for a process without sockets, from any thread: they are sent when it returns."""
    with _making:
        loop = _loop(os.getpid())
    asyncio.run_coroutine_threadsafe(spread(publications), loop).result()


_making = threading.Lock()


@lru_cache(maxsize=1)
def _loop(pid: int) -> asyncio.AbstractEventLoop:
    """Runs as long as this process: the layer makes a connection for each loop, which takes longer than to send."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="spreading", daemon=True).start()
    return loop
