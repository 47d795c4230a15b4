"""A way to the running site that can be shut, or let no web sockets through."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Gate:
    """Passes bytes between browsers and the site. Its loop has a thread of its own."""

    def __init__(self, url: str) -> None:
        self._site = urlsplit(url)
        self._port = 0
        self._sockets = True
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.open()

    @property
    def url(self) -> str:
        return f"http://{self._site.hostname}:{self._port}"

    def open(self) -> None:
        self._do(self._open())

    def shut(self) -> None:
        """Ends every connection and refuses new ones, as a site does that is down."""
        self._do(self._shut())

    def let_sockets(self, through: bool) -> None:
        """Whether new web sockets get through."""
        self._sockets = through

    def leave(self) -> None:
        self.shut()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._pass, self._site.hostname, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._connect(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if not self._sockets and b"upgrade: websocket" in head.lower():
            writer.write(REFUSAL)
            await writer.drain()
            return
        site_reader, site_writer = await asyncio.open_connection(self._site.hostname, self._site.port)
        site_writer.write(head)
        ends = [asyncio.create_task(_relay(*way)) for way in ((reader, site_writer), (site_reader, writer))]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            site_writer.transport.abort()
            for end in ends:
                end.cancel()


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
