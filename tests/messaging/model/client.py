"""A client of the model: one device of one person, written from PROTOCOL.md, "Applying" and "Coming back"."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from chatsite.errors import NotFound
from tests import frames
from tests.messaging.model.copy import Copy, Cursor, Frame
from tests.messaging.model.network import PUSHED, Network
from tests.messaging.model.wire import Api, Socket

LIMIT = 3  # messages that one `sync` asks for: few, so that answers have several pages
PATIENCE = 20.0  # seconds
RECEIPTS_WITHIN = 1.0  # seconds
HEARTBEATS_MAX = 10  # until nothing is missing
FRUITLESS_MAX = 5  # answers to `sync` in a row that bring nothing


class Client:
    """Everything on the event loop. `answers` are those to commands, by `client_id` or `op_id`."""

    def __init__(self, api: Api) -> None:
        self.api, self.me = api, api.user_id
        self.copies: dict[str, Copy] = {}
        self.outbox: dict[str, Frame] = {}
        self.answers: dict[str, Frame] = {}
        self.refusals: list[str] = []
        self.ended: set[str] = set()
        self.broken: list[BaseException] = []
        self.network = Network(self._take)
        self.epoch: str | None = None
        self.ready = self._pong = False
        self.socket: Socket | None = None
        self._asking: set[str] = set()
        self._fruitless = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn, self._stirred = asyncio.Lock(), asyncio.Event()

    # What the test does with it

    async def connect(self, cursors: dict[str, Cursor] | None = None, epoch: str | None = None) -> None:
        """Opens a socket and says hello, with these cursors and this epoch or else the true ones. What was not answered
        is sent again when it is ready."""
        self.socket, self.ready = Socket(self.api.token, self._came), False
        self._asking.clear()
        told = self.cursors if cursors is None else cursors
        known = epoch or self.epoch
        self.socket.send({"type": "hello", "cursors": told, **({"epoch": known} if known else {})})

    async def cut(self) -> None:
        """The connection is gone, whatever was under way."""
        gone, self.socket, self.ready = self.socket, None, False
        self.network.cut()
        if gone is not None:
            await gone.cut()

    def send(self, key: str, frame: Frame) -> None:
        """Puts a command into the outbox and on its way."""
        self.outbox[key] = frame
        self.answers.pop(key, None)
        self.tell(frame)

    async def send_and_lose(self, key: str, frame: Frame, *, arrives: bool) -> None:
        """The connection breaks just after the command arrived, or before. It goes with the next socket."""
        if not arrives:
            await self.cut()
        self.send(key, frame)
        await self.cut()

    def tell(self, frame: Frame) -> None:
        """Sends a frame that nobody repeats, where there is a socket."""
        frames.check_command(frame)
        if self.socket is not None:
            self.socket.send(frame)

    async def settle(self) -> None:
        """Sends a heartbeat and follows whatever it shows, until there is nothing to ask any more.

        Receipts have no log in which a hole would show: where some got lost, they are looked up.
        """
        while self.network.missed:
            await self._meet(self.network.missed.pop())
        for _ in range(HEARTBEATS_MAX):
            self._pong = False
            self.tell({"type": "ping", "cursors": self.cursors})
            await self.until(lambda: self._pong and self.idle)
            if not any(copy.hole for copy in self.copies.values()):
                return
        raise AssertionError(f"a hole stays: {self.cursors}")

    @property
    def cursors(self) -> dict[str, Cursor]:
        return {here: copy.cursor for here, copy in self.copies.items()}

    @property
    def idle(self) -> bool:
        return self.ready and not self._asking and not self._tasks

    async def until(self, test: Callable[[], bool]) -> None:
        """Waits until this holds, looking again whenever something came. Raises what went wrong meanwhile."""
        async with asyncio.timeout(PATIENCE):
            while not self.broken and not test():
                self._stirred.clear()
                await self._stirred.wait()
        if self.broken:
            raise self.broken[0]

    async def await_receipts(self, test: Callable[[], bool]) -> None:
        """Gives receipts that are stored, but not told yet, a moment; whether this then holds is seen afterwards."""
        with suppress(TimeoutError):
            async with asyncio.timeout(RECEIPTS_WITHIN):
                await self.until(test)

    # What comes

    def _came(self, came: list[Frame]) -> None:
        try:
            for event in came:
                frames.check(event)
                self._check_right(event)
                self.network.carry(event)
        except Exception as error:
            self.broken.append(error)
        self._stirred.set()

    def _check_right(self, event: Frame) -> None:
        """After a right ended nothing of that conversation comes."""
        if event["type"] in PUSHED - {"conversation.removed"}:
            assert event["conversation_id"] not in self.ended, f"after the right ended: {event}"

    def _take(self, event: Frame) -> None:
        match event["type"]:
            case "ready":
                self._greeted(event)
            case "ack":
                self._answered(event.get("client_id") or event["op_id"], event)
            case "error":
                key = event.get("client_id") or event.get("op_id")
                if key is None:
                    self.refusals.append(event["code"])
                    self._asking.clear()
                else:
                    self._answered(key, event)
            case "pong":
                self._pong = True
                for here, head in event["heads"].items():
                    self._copy(here).learn(head)
                    self._ask(here)
            case "message.created" | "message.changed" | "conversation.changed":
                self._offer(event)
            case "conversation.removed":
                self.copies.pop(event["conversation_id"], None)
                self._asking.discard(event["conversation_id"])
            case "receipt.updated":
                self._copy(event["conversation_id"]).receive(event)
            case "sync.batch":
                self._batch(event)
            case "sync.reset":
                self._reset(event["conversation_id"])

    def _greeted(self, event: Frame) -> None:
        self.ready, self.epoch = True, event["epoch"]
        for frame in self.outbox.values():
            self.tell(frame)
        self._soon(self._look_around())

    def _answered(self, key: str, event: Frame) -> None:
        self.outbox.pop(key, None)
        self.answers[key] = event

    def _copy(self, here: str) -> Copy:
        """The copy of this conversation; of one that was not known until now it is fetched."""
        if here not in self.copies:
            self.copies[here] = Copy()
            self._soon(self._fetch(here))
        return self.copies[here]

    def _offer(self, event: Frame) -> None:
        here = event["conversation_id"]
        copy = self._copy(here)
        copy.offer(event)
        if event["type"] == "conversation.changed":
            self._soon(self._meet(here))
        self._ask(here)

    def _batch(self, batch: Frame) -> None:
        here = batch["conversation_id"]
        copy = self.copies.get(here)
        if copy is None:
            return
        before = copy.cursor
        for message in batch["messages"]:
            copy.offer({"seq": message["seq"], "message": message})
        for change in batch["changes"]:
            copy.offer(change)
        if any(change["message_id"] is None for change in batch["changes"]):
            self._soon(self._meet(here))
        copy.learn([batch["seq"], batch["rev"]])
        asked = here in self._asking
        if asked:
            self._asking.discard(here)
            self._fruitless = 0 if copy.cursor > before or not copy.hole else self._fruitless + 1
            assert self._fruitless <= FRUITLESS_MAX, f"sync leads nowhere: {batch}"
        self._ask(here, more=asked and batch["more"])

    def _ask(self, here: str, *, more: bool = False) -> None:
        """Fills a hole, one question at a time."""
        copy = self.copies.get(here)
        if copy is not None and (copy.hole or more) and here not in self._asking and self.ready:
            self._asking.add(here)
            asked = {"conversation_id": here, "after_seq": copy.seq, "after_rev": copy.rev, "limit": LIMIT}
            self.tell({"type": "sync", **asked})

    def _reset(self, here: str | None) -> None:
        for one in list(self.copies) if here is None else [here]:
            self._asking.discard(one)
            if one in self.copies:
                self.copies[one].fetching = True
                self._soon(self._fetch(one))

    # What it fetches

    async def _look_around(self) -> None:
        """The rest of the sidebar is one request; and what has no log, receipts and roles, is looked up."""
        for here in await self.api.conversations():
            self._copy(here)
        for here in list(self.copies):
            await self._meet(here)

    async def _fetch(self, here: str) -> None:
        async with self._turn:
            try:
                shown = await self.api.shown(here)
            except NotFound:
                self.copies.pop(here, None)
                return
            if here in self.copies:
                self.copies[here].show(*shown)
                self._ask(here)

    async def _meet(self, here: str) -> None:
        """What was asked last is what is shown in the end: one after the other."""
        async with self._turn:
            try:
                members = await self.api.members(here)
            except NotFound:
                return
            if here in self.copies:
                self.copies[here].meet(members)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.broken.append(task.exception())
        self._stirred.set()
