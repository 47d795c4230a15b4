"""What a client has said: in order per conversation, one under way at a time, kept until the server holds it."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict, deque
from dataclasses import dataclass, field

ANSWER_WITHIN = 10.0  # seconds without an ack until the same is sent again


@dataclass
class Said:
    """One message from before its first try on."""

    conversation_id: str
    content: str
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    tries: int = 0
    sent_at: float | None = None
    """time.monotonic() of the first try"""
    acked_at: float | None = None
    seq: int | None = None
    """Where the server said that it stands."""


class Outbox:
    """First in, first out. What is repeated keeps its `client_id`."""

    def __init__(self) -> None:
        self.said: dict[str, Said] = {}
        """Everything ever said, by client_id."""
        self.refused: list[str] = []
        self.held_since = 0.0
        """time.monotonic() of the first try of the newest message that was acknowledged"""
        self._waiting: defaultdict[str, deque[Said]] = defaultdict(deque)
        self._not_before: dict[str, float] = {}

    def add(self, conversation_id: str, content: str) -> Said:
        said = Said(conversation_id, content)
        self.said[said.client_id] = said
        self._waiting[conversation_id].append(said)
        return said

    def __len__(self) -> int:
        """How many messages the server does not hold yet."""
        return sum(map(len, self._waiting.values()))

    def open(self) -> list[Said]:
        """What the server does not hold yet, as far as this client knows."""
        return [one for waiting in self._waiting.values() for one in waiting]

    def due(self) -> list[Said]:
        """What may go out now: of each conversation the first, unless it is under way or told to wait."""
        now = time.monotonic()
        first = [waiting[0] for waiting in self._waiting.values() if waiting]
        return [one for one in first if self._not_before.get(one.conversation_id, 0.0) <= now]

    def pause(self) -> float:
        """Seconds until something may be due again."""
        waiting = [self._not_before.get(here, 0.0) for here, one in self._waiting.items() if one]
        return max(0.0, min(waiting, default=time.monotonic() + 60) - time.monotonic())

    def sending(self, said: Said) -> None:
        said.tries += 1
        said.sent_at = said.sent_at or time.monotonic()
        self._not_before[said.conversation_id] = time.monotonic() + ANSWER_WITHIN

    def returned(self) -> None:
        """The way there broke: whatever was under way is due again."""
        self._not_before.clear()

    def settled(self, client_id: str, seq: int, *, acked: bool) -> None:
        """The server holds it: by `ack`, by one's own echo, over HTTP, in any order and number."""
        said = self.said.get(client_id)
        if said is None:
            return
        if acked and said.acked_at is None:
            said.acked_at, said.seq = time.monotonic(), seq
            self.held_since = max(self.held_since, said.sent_at or 0.0)
        elif acked and said.seq != seq:
            self.refused.append(f"{client_id} was acknowledged at {said.seq} and at {seq}")
        self._take_out(said)

    def refuse(self, client_id: str, code: str, retry_after: float | None) -> None:
        """The server said no: for now, or for good, which no test here expects."""
        said = self.said.get(client_id)
        if said is None:
            return
        if code in ("too_fast", "unavailable"):
            self._not_before[said.conversation_id] = time.monotonic() + (retry_after or 2.0)
        else:
            self.refused.append(f"{client_id}: {code}")
            self._take_out(said)

    def _take_out(self, said: Said) -> None:
        waiting = self._waiting[said.conversation_id]
        if waiting and waiting[0] is said:
            waiting.popleft()
            self._not_before.pop(said.conversation_id, None)
