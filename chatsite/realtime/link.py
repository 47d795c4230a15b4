"""This process's line to the other ones, through the channel layer.

One group for all: with more than a few conversations open, every process would listen to every part of them anyway.
One message of the layer is on its way at a time and carries all that was published meanwhile, so a busy process sends
few and long ones, in order.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
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
    """Sends what is published here, and hands what others published to `hear`. Belongs to the event loop."""

    def __init__(self, hear: Callable[[Sequence[Publication]], None]) -> None:
        self._hear = hear
        self._listening = asyncio.Event()
        self._outgoing: list[Publication] = []
        self._sending: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Waits until others are heard, or for a moment: the layer may be away."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_WITHIN):
                await self._listening.wait()

    def send(self, publications: Iterable[Publication]) -> None:
        """Hands these to the other processes, soon and in order."""
        self._outgoing.extend(publications)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.ensure_future(self._send())

    async def _send(self) -> None:
        while self._outgoing:
            publications, self._outgoing = self._outgoing, []
            await spread(publications)

    async def listen(self) -> None:
        """Runs as long as the process does."""
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self._listening.set()
                while True:
                    self.hear(await layer.receive(channel))
            except Exception as error:
                log.warning("listening to the channel layer failed, trying again: %s", error)
                await asyncio.sleep(RETRY)

    def hear(self, message: dict[str, Any]) -> None:
        """Takes a message of the layer. What this process sent itself was delivered before."""
        if message["origin"] != ORIGIN:
            self._hear(msgspec.json.decode(message["events"], type=list[Publication]))


async def spread(publications: Sequence[Publication]) -> None:
    """Sends these in one message. The layer may be away: clients then catch up by themselves."""
    message = {"type": "hub.events", "origin": ORIGIN, "events": msgspec.json.encode(publications).decode()}
    try:
        async with asyncio.timeout(SEND_WITHIN):
            await get_channel_layer().group_send(GROUP, message)
    except Exception as error:
        log.warning("publishing to the channel layer failed, clients will catch up by themselves: %r", error)
