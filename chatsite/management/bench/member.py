"""A simulated client: says hello, sends, and keeps books on what it hears."""

from __future__ import annotations

import asyncio
import time
import uuid
from array import array
from collections import defaultdict
from collections.abc import Callable

import msgspec

from chatsite.management.bench.client import Socket, connect
from chatsite.management.bench.job import Job, Seat
from chatsite.management.bench.ledger import Ledger

PADDING = "x" * 80  # with what stands before it a message of about 120 characters
REFUSALS_KEPT = 10
ACKNOWLEDGE_EVERY = 0.25  # seconds, as PROTOCOL.md has clients do


class Said(msgspec.Struct):
    content: str


class Heard(msgspec.Struct):
    """Of any event, what the bench looks at."""

    type: str
    conversation_id: str | None = None
    seq: int = 0
    message: Said | None = None
    messages: list[Said] = []
    code: str = ""


decoder = msgspec.json.Decoder(Heard | list[Heard])


class Tally:
    """What all members of the process heard while `counting`."""

    def __init__(self) -> None:
        self.counting = False
        self.messages = self.deliveries = self.acks = 0
        self.latencies = array("q")
        self.refused: list[str] = []

    def refuse(self, why: str) -> None:
        if len(self.refused) < REFUSALS_KEPT:
            self.refused.append(why)


class Member:
    """One socket. `replies` is called with the conversation after each message that came in order."""

    def __init__(self, name: str, seat: Seat, tally: Tally) -> None:
        self.name, self.seat, self.tally = name, seat, tally
        self.ledgers: defaultdict[str, Ledger] = defaultdict(Ledger)
        self.sent = 0
        self.replies: Callable[[Member, str, str], None] | None = None
        self.leaving = False
        self._acknowledged_at = 0.0
        self._ready: asyncio.Future[None] | None = None
        self.socket: Socket

    async def join(self, job: Job) -> None:
        """Connects, signs in and is subscribed, from where its ledgers stand."""
        ready = self._ready = asyncio.get_running_loop().create_future()
        self.socket = await connect(job.host, job.port, self.seat.headers, self._hear)
        self.socket.closed.add_done_callback(self._closed)
        cursors = {one: (self.ledgers[one].seq, 0) for one in self.seat.conversations}
        self.socket.send(msgspec.json.encode({"type": "hello", "cursors": cursors}))
        await ready

    @property
    def in_touch(self) -> bool:
        """Whether it is connected and subscribed now."""
        return self._ready is not None and self._ready.done() and not self.socket.closed.done()

    def say(self, conversation: str) -> None:
        self.sent += 1
        content = f"{self.name}:{self.sent}:{time.monotonic_ns()}:{PADDING}"
        text = f'{{"type":"message.send","client_id":"{uuid.uuid4()}","conversation_id":"{conversation}",'
        self.socket.send(f'{text}"content":"{content}"}}'.encode())

    def ping(self) -> None:
        self.socket.send(b'{"type":"ping"}')

    def acknowledge(self, conversation: str) -> None:
        """Everything that came in order is delivered and read."""
        seq = self.ledgers[conversation].seq
        text = f'{{"type":"receipt.read","conversation_id":"{conversation}","seq":{seq}}}'
        self.socket.send(text.encode())

    def acknowledge_now_and_then(self, conversation: str) -> None:
        """As `acknowledge`, when the last time is long enough ago."""
        now = time.monotonic()
        if now - self._acknowledged_at >= ACKNOWLEDGE_EVERY:
            self._acknowledged_at = now
            self.acknowledge(conversation)

    def _hear(self, payload: bytes) -> None:
        heard = decoder.decode(payload)
        for one in heard if isinstance(heard, list) else (heard,):
            self._take(one)

    def _take(self, event: Heard) -> None:
        if event.message is not None and event.type == "message.created" and event.conversation_id:
            self._deliver(event.conversation_id, event.seq, event.message.content)
        elif event.type == "ack":
            self.tally.acks += 1
        elif event.type == "sync.batch" and event.conversation_id:
            first = event.seq - len(event.messages) + 1
            for place, one in enumerate(event.messages):
                sender, count, _ = one.content.split(":", 2)
                self.ledgers[event.conversation_id].replay(first + place, sender, int(count))
        elif event.type == "ready":
            if self._ready is not None and not self._ready.done():
                self._ready.set_result(None)
        elif event.type in ("error", "sync.reset"):
            self.tally.refuse(f"{event.type} {event.code}")

    def _deliver(self, conversation: str, seq: int, content: str) -> None:
        sender, count, sent_at, _ = content.split(":", 3)
        if self.tally.counting:
            self.tally.deliveries += 1
            self.tally.latencies.append(time.monotonic_ns() - int(sent_at))
        self.ledgers[conversation].deliver(seq, sender, int(count))
        if self.replies is not None:
            self.replies(self, conversation, sender)

    def _closed(self, closed: asyncio.Future[int]) -> None:
        if not self.leaving:
            self.tally.refuse(f"closed {closed.result()}")
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(ConnectionError(f"closed {closed.result()} before ready"))
