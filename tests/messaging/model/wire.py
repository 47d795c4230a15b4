"""How the clients of the model reach the chat: its real socket over ASGI, and its API, in the test's own process."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from accounts.models import User
from accounts.services import tokens
from chatsite.realtime.hub import Hub, hub
from chatsite.realtime.work import in_thread
from chatsite.routing import sockets
from messaging import access
from messaging.protocol import conversation_data, membership_data, message_data
from messaging.services import inbox, members, messages

Frame = dict[str, Any]
T = TypeVar("T")
PATIENCE = 60.0  # seconds


class Socket:
    """One connection, handed to the chat as a server would hand it."""

    def __init__(self, token: str, came: Callable[[list[Frame]], None]) -> None:
        self._inbox: asyncio.Queue[Frame] = asyncio.Queue()
        self._inbox.put_nowait({"type": "websocket.connect"})
        self._came: Callable[[list[Frame]], None] | None = came
        headers = [(b"authorization", f"Bearer {token}".encode())]
        scope = {"type": "websocket", "path": "/ws/", "headers": headers, "subprotocols": ["chat.v1"]}
        self._serving = asyncio.ensure_future(sockets(scope, self._inbox.get, self._send))

    def send(self, frame: Frame) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    async def cut(self) -> None:
        """Nothing comes any more from here on; what was sent before is still carried out."""
        self._came = None
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await self._serving

    async def _send(self, message: Frame) -> None:
        assert message["type"] != "websocket.close", f"the chat closed the socket: {message}"
        if message["type"] == "websocket.send" and self._came is not None:
            frame = json.loads(message["text"])
            self._came(frame if isinstance(frame, list) else [frame])


class Api:
    """What one person may ask for besides the socket, in the shapes of the API, straight from the services: the way
    through Django would take most of the test's time, and has tests of its own."""

    def __init__(self, user: User) -> None:
        self.user_id = user.chat_id
        self.token = tokens.issue(user).access

    async def conversations(self) -> list[str]:
        """The ids of all of this person's."""
        return [str(one.conversation.id) for one in await in_thread(inbox.rows, self.user_id)]

    async def members(self, here: str) -> list[Frame]:
        """Raises NotFound."""
        return await in_thread(self._members, here)

    async def shown(self, here: str) -> tuple[Frame, Frame, list[Frame]]:
        """What a client opens a conversation with, the page first: what the rest shows may only be newer.

        Raises NotFound.
        """
        return await in_thread(self._shown, here)

    def _shown(self, here: str) -> tuple[Frame, Frame, list[Frame]]:
        page = messages.page(self.user_id, here, limit=messages.PAGE_MAX)
        row = inbox.row(access.conversation(self.user_id, here))
        told = {"head": page.head, "results": [message_data(one) for one in page.messages]}
        conversation = conversation_data(row.conversation, row.membership, row.unread)
        return plain(told), plain(conversation), self._members(here)

    def _members(self, here: str) -> list[Frame]:
        seats = members.seats(self.user_id, here)
        return [{"user_id": one.user_id, **plain(membership_data(one))} for one in seats]


def plain(shape: object) -> Any:
    """As a client decodes it."""
    return msgspec.json.decode(msgspec.json.encode(shape))


class Loop:
    """The event loop of a web process, in a thread of its own, with the process's hub on it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sockets of the model", daemon=True)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs this on the loop and waits for what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    @contextmanager
    def running(self) -> Iterator[Loop]:
        """Other tests find the hub as they left it."""
        before = dict(vars(hub))
        Hub.__init__(hub)
        self._thread.start()
        try:
            self.run(_attach())
            yield self
        finally:
            hub.link.close()
            self.run(_cancel_all())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            vars(hub).update(before)


async def _attach() -> None:
    hub.attach()


async def _cancel_all() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for one in rest:
        one.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


async def hub_is_quiet() -> None:
    """Waits until everything that was published until now has been delivered to the sockets of this process."""
    opened = asyncio.Event()
    hub.post(opened.set)
    await opened.wait()
