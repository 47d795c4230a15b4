"""A bad network: a TCP proxy before the site that delays, cuts in the middle of a frame, or swallows what it gets."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

CHUNK = 1400  # bytes: about what one packet holds, so that a cut falls into the middle of frames


@dataclass
class Weather:
    """What happens to bytes on their way. It may change at any time."""

    delay: float = 0.0
    """seconds, each way"""
    cut: float = 0.0
    """how likely a chunk is to be the last of its connection, and to arrive by half"""
    stall: float = 0.0
    """how likely a chunk is to be swallowed with all that follows, while the connection stays open"""
    chance: random.Random = field(default_factory=random.Random)


class Pipe:
    """One connection through `line`, both ways."""

    def __init__(self, line: Proxy, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._line, self._ends = line, (client, server)
        self.swallowing = False
        """Half open: both sides believe in it, nothing arrives any more."""

    def cut(self) -> None:
        for end in self._ends:
            end.transport.abort()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One way, until either side is gone. What was read leaves in its order, each chunk a delay later."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1000)
        leaving = asyncio.create_task(self._leave(under_way, writer))
        now = asyncio.get_running_loop().time
        try:
            data = b"begins"
            while data:
                data = await reader.read(CHUNK)
                await under_way.put((now() + self._line.weather.delay, data))
            await leaving
        except ConnectionError:
            pass
        finally:
            leaving.cancel()
            self.cut()

    async def _leave(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            at, data = await under_way.get()
            await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
            if not data:
                return
            weather = self._line.weather
            fate = weather.chance.random()
            if weather.cut <= fate < weather.cut + weather.stall:
                self.swallowing = True
            if self.swallowing:
                continue
            writer.write(data[: len(data) // 2] if fate < weather.cut else data)
            await writer.drain()
            if fate < weather.cut:
                self._line.cuts += 1
                self.cut()
                return


class Proxy:
    """Listens on a port of its own; `url` and `socket_url` lead through it to the site."""

    def __init__(self, host: str, port: int) -> None:
        self.weather = Weather()
        self.pipes: set[Pipe] = set()
        self.cuts = 0
        self._target = host, port
        self._serving: set[asyncio.Task[None] | None] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        self.socket_url = f"ws://{host}:{port}/ws/"

    async def stop(self) -> None:
        self._server.close()
        for one in tuple(self.pipes):
            one.cut()
        await asyncio.gather(*(one for one in self._serving if one), return_exceptions=True)

    def half_open(self) -> None:
        """From now on nothing arrives on any connection there is; new ones work."""
        for one in self.pipes:
            one.swallowing = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            from_server, to_server = await asyncio.open_connection(*self._target)
            pipe = Pipe(self, writer, to_server)
            self.pipes.add(pipe)
            await asyncio.gather(pipe.carry(reader, to_server), pipe.carry(from_server, writer))
            self.pipes.discard(pipe)
        except OSError:
            writer.transport.abort()
        finally:
            self._serving.discard(task)


@asynccontextmanager
async def proxy(host: str, port: int) -> AsyncIterator[Proxy]:
    found = Proxy(host, port)
    await found.start()
    try:
        yield found
    finally:
        await found.stop()
