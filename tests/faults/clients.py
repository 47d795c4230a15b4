"""Simulated clients on real sockets, written from PROTOCOL.md: what they say gets through, they show the log."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from tests.faults.api import Api
from tests.faults.book import Book
from tests.faults.needs import Person
from tests.faults.outbox import Outbox, Said
from tests.faults.site import Site

PING_EVERY = 25.0  # seconds, ± 20 %
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries to connect
SOCKETS_BEFORE_HTTP = 2
RECEIPTS_EVERY = 0.25  # seconds
FILL_AGAIN = 3.0  # seconds until an unanswered sync is sent once more
OPEN_WITHIN = 10.0  # seconds for a handshake

Event = dict[str, Any]


class Client:
    """One person's client with its conversations open. `run` keeps it connected; `say` may be called at any time."""

    def __init__(
        self,
        site: Site,
        person: Person,
        conversations: Iterable[str],
        *,
        ping_every: float = PING_EVERY,
        browser: bool = False,
    ) -> None:
        """`browser`: signs in with the session cookie in place of the access token."""
        self.site, self.person, self.ping_every, self.browser = site, person, ping_every, browser
        self.books = {one: Book() for one in conversations}
        self.outbox = Outbox()
        self.ready = asyncio.Event()
        """Set while it is subscribed."""
        self.codes: list[int | None] = []
        """How its sockets ended."""
        self.opened = self.byes = 0
        """Sockets that got as far as `ready`, and those that were said goodbye to."""
        self.pongs: list[float] = []
        """Seconds from each ping to its pong."""
        self.by_http = 0
        """Messages that went over HTTP."""
        self.connection: ClientConnection | None = None
        """The socket it is subscribed on, or was last."""
        self._api = Api(site, person)
        self._epoch: str | None = None
        self._failures = 0
        self._back_in: float | None = None
        self._stir = asyncio.Event()
        self._filling: dict[str, float] = {}
        self._receipts: set[str] = set()
        self._pinged_at: float | None = None
        self._chores: set[asyncio.Task[None]] = set()

    def say(self, conversation_id: str, content: str) -> Said:
        """Takes over a message; it goes out as soon as it can."""
        said = self.outbox.add(conversation_id, content)
        self._stir.set()
        return said

    async def run(self) -> None:
        """Connects, and again whenever the socket ends, until cancelled."""
        while True:
            try:
                await self._connected()
            except (OSError, WebSocketException, TimeoutError):
                self.codes.append(None)
            self.ready.clear()
            self._failures += 1
            self.outbox.returned()
            pause = random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._failures - 1)))
            pause, self._back_in = (pause if self._back_in is None else self._back_in), None
            await self._away(time.monotonic() + pause)

    # On a socket

    async def _connected(self) -> None:
        headers = {"Authorization": f"Bearer {self.person.token}"}
        if self.browser:
            headers = {"Origin": self.site.url, "Cookie": f"session={self.person.session}"}
        async with connect(
            self.site.socket_url,
            additional_headers=headers,
            subprotocols=[Subprotocol("chat.v1")],
            compression=None,
            ping_interval=None,
            open_timeout=OPEN_WITHIN,
            close_timeout=1,
            max_size=None,
        ) as connection:
            hello: Event = {"type": "hello", "cursors": {here: one.cursor for here, one in self.books.items()}}
            await self._write(connection, hello | ({"epoch": self._epoch} if self._epoch else {}))
            self._filling.clear()
            self._pinged_at = None
            tasks = [asyncio.create_task(one(connection)) for one in (self._send, self._ping, self._acknowledge)]
            try:
                with suppress(ConnectionClosed):
                    await self._read(connection)
            finally:
                for one in tasks:
                    one.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        self.codes.append(connection.close_code)

    async def _read(self, connection: ClientConnection) -> None:
        """Until the socket ends, or was silent for two intervals of the heartbeat."""
        while True:
            async with asyncio.timeout(2 * self.ping_every + OPEN_WITHIN):
                frame = json.loads(await connection.recv())
            for event in frame if isinstance(frame, list) else [frame]:
                await self._hear(connection, event)

    async def _send(self, connection: ClientConnection) -> None:
        await self.ready.wait()
        while True:
            self._stir.clear()
            for said in self.outbox.due():
                self.outbox.sending(said)
                await self._write(
                    connection,
                    {
                        "type": "message.send",
                        "client_id": said.client_id,
                        "conversation_id": said.conversation_id,
                        "content": said.content,
                    },
                )
            with suppress(TimeoutError):
                async with asyncio.timeout(self.outbox.pause() + 0.01):
                    await self._stir.wait()

    async def _ping(self, connection: ClientConnection) -> None:
        await self.ready.wait()
        while True:
            await asyncio.sleep(self.ping_every * random.uniform(0.8, 1.2))
            self._pinged_at = self._pinged_at or time.monotonic()
            await self._write(
                connection, {"type": "ping", "cursors": {here: one.cursor for here, one in self.books.items()}}
            )

    async def _acknowledge(self, connection: ClientConnection) -> None:
        """Says what came, cumulatively; also what keeps the server from taking it for a slow reader."""
        while True:
            await asyncio.sleep(RECEIPTS_EVERY)
            moved, self._receipts = self._receipts, set()
            for here in moved:
                seq = self.books[here].seq
                await self._write(connection, {"type": "receipt.delivered", "conversation_id": here, "seq": seq})

    async def _hear(self, connection: ClientConnection, event: Event) -> None:
        here = event.get("conversation_id") or ""
        match event["type"]:
            case "ready":
                self._epoch, self._failures = event["epoch"], 0
                self.opened += 1
                self.connection = connection
                self.ready.set()
            case "message.created":
                self._take(here, [event["message"]])
                if self.books[here].has_hole:
                    await self._fill(connection, here)
            case "message.changed":
                if not self.books[here].change(event["rev"], event["message"]):
                    await self._fill(connection, here)
            case "conversation.changed":
                if here in self.books and not self.books[here].change(event["rev"], None):
                    await self._fill(connection, here)
            case "sync.batch":
                self._take(here, event["messages"])
                for one in event["changes"]:
                    self.books[here].change(one["rev"], one.get("message"))
                if self._filling.pop(here, None) and (event["more"] or self.books[here].has_hole):
                    await self._fill(connection, here)
            case "sync.reset":
                for one in [here] if here else list(self.books):
                    self._later(self._start_over(one))
            case "pong":
                self._ponged()
                for one in event["heads"]:
                    await self._fill(connection, one)
            case "ack":
                self._settle(event["client_id"], event["seq"])
            case "error":
                self.outbox.refuse(event.get("client_id") or "", event["code"], event.get("retry_after"))
                self._stir.set()
            case "bye":
                self.byes += 1
                self._back_in = event["reconnect_in_ms"] / 1000

    def _take(self, here: str, messages: list[Event]) -> None:
        for one in messages:
            self.books[here].take(one)
            if one["sender_id"] == self.person.id:
                self.outbox.settled(one["client_id"], one["seq"], acked=False)
                self._stir.set()
        self._receipts.add(here)

    def _settle(self, client_id: str, seq: int) -> None:
        self.outbox.settled(client_id, seq, acked=True)
        self._stir.set()

    def _ponged(self) -> None:
        if self._pinged_at is not None:
            self.pongs.append(time.monotonic() - self._pinged_at)
            self._pinged_at = None

    async def _fill(self, connection: ClientConnection, here: str) -> None:
        """Asks for what follows the cursor, once at a time."""
        now = time.monotonic()
        if now - self._filling.get(here, 0.0) > FILL_AGAIN:
            self._filling[here] = now
            seq, rev = self.books[here].cursor
            await self._write(connection, {"type": "sync", "conversation_id": here, "after_seq": seq, "after_rev": rev})

    @staticmethod
    async def _write(connection: ClientConnection, event: Event) -> None:
        await connection.send(json.dumps(event))

    # Without a socket

    async def _away(self, until: float) -> None:
        """Waits for the next try; after two sockets in vain what waits goes over HTTP."""
        while (left := until - time.monotonic()) > 0:
            if self._failures >= SOCKETS_BEFORE_HTTP and (due := self.outbox.due()):
                await self._post(due[0])
            else:
                await asyncio.sleep(min(left, 0.25))

    async def _post(self, said: Said) -> None:
        self.outbox.sending(said)
        try:
            answer = await self._api.send(said)
        except httpx.HTTPError:
            self.outbox.refuse(said.client_id, "unavailable", None)
            return
        if answer.is_success:
            self.by_http += 1
            self._settle(said.client_id, answer.json()["seq"])
        else:
            code = "unavailable" if answer.status_code >= 500 else answer.json()["code"]
            self.outbox.refuse(said.client_id, code, float(answer.headers.get("Retry-After", 2)))

    async def _start_over(self, here: str) -> None:
        self.books[here].start_over(*await self._api.whole_list(here))
        self._receipts.add(here)

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
