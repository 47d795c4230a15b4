"""A client of the socket for tests, written from PROTOCOL.md: it keeps every event it was sent, in order.

Each frame is held against what is declared, in both directions. What is meant to be wrong goes through `connection`.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests import frames

PATIENCE = 30.0  # seconds; a busy machine, and no measure of anything

Event = dict[str, Any]


class Client:
    """One open socket. `events` holds what came, `close_code` how it ended."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.events: list[Event] = []
        self._misfits: list[Exception] = []
        self._came = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @property
    def close_code(self) -> int | None:
        return self.connection.close_code

    async def send(self, type: str, **fields: Any) -> None:
        command = {"type": type, **fields}
        frames.check_command(command)
        await self.connection.send(json.dumps(command))

    async def say(self, conversation_id: object, content: str, client_id: str | None = None) -> str:
        """Sends a message and returns its client_id, without waiting."""
        chosen = client_id or str(uuid.uuid4())
        await self.send("message.send", client_id=chosen, conversation_id=str(conversation_id), content=content)
        return chosen

    async def wait(self, type: str, **fields: Any) -> Event:
        """The first event of this type with these fields, now or within PATIENCE. Fails with what came instead."""
        found = await self.until(lambda: self.find(type, **fields))
        assert isinstance(found, dict)
        return found

    async def until(self, test: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Waits until `test` gives something true, looking again with each event."""
        try:
            async with asyncio.timeout(patience):
                async with self._came:
                    while not (found := test()):
                        await self._came.wait()
                    return found
        except TimeoutError:
            raise AssertionError(f"did not come; came: {self.events[-5:]}") from None

    async def closed(self, patience: float = PATIENCE) -> int | None:
        """Waits until the server closed the socket, and returns its code."""
        async with asyncio.timeout(patience):
            await self.connection.wait_closed()
        return self.close_code

    def find(self, type: str, **fields: Any) -> Event | None:
        return next((one for one in self.events if one["type"] == type and fields.items() <= one.items()), None)

    def all(self, type: str, **fields: Any) -> list[Event]:
        return [one for one in self.events if one["type"] == type and fields.items() <= one.items()]

    async def _read(self) -> None:
        try:
            async for text in self.connection:
                frame = json.loads(text)
                came = frame if isinstance(frame, list) else [frame]
                async with self._came:
                    self.events.extend(came)
                    self._came.notify_all()
                self._check(came)
        except ConnectionClosed:
            return

    def _check(self, came: list[Event]) -> None:
        for event in came:
            try:
                frames.check(event)
            except Exception as misfit:
                self._misfits.append(misfit)

    async def end(self) -> None:
        """Closes the socket. Fails when something came that was not as declared."""
        await self.connection.close()
        await self._reading
        if self._misfits:
            raise self._misfits[0]


@asynccontextmanager
async def opened(url: str, token: str | None = None, **handshake: Any) -> AsyncIterator[Client]:
    """A socket that has said nothing yet."""
    headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **handshake.pop("headers", {})}
    protocols = handshake.pop("subprotocols", ["chat.v1"])
    connection = await connect(
        url, additional_headers=headers, subprotocols=protocols, max_size=None, compression=None, **handshake
    )
    client = Client(connection)
    try:
        yield client
    finally:
        await client.end()


@asynccontextmanager
async def signed_in(url: str, token: str, cursors: dict[str, list[int]] | None = None) -> AsyncIterator[Client]:
    """A socket that said hello and is ready."""
    async with opened(url, token) as client:
        await client.send("hello", cursors=cursors or {})
        await client.wait("ready")
        yield client
