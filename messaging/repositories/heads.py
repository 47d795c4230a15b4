"""How far each log reaches, as a writer knows it, and whose turn it is to append to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from chatsite.types import ObjectId
from messaging.repositories import messages

KEPT_MAX = 10_000  # conversations
CONTESTED = 0.1  # seconds after another process was heard of that it is expected to go on
TURN = 0.02  # seconds it is given: a write and its announcement take three milliseconds, on a busy machine more


class Heads:
    """The highest `seq` that the majority holds, by conversation. It may have grown since.

    Only ever taken from what the majority holds: a lesser read could be rolled back by a new primary, and the next
    insert would leave a hole that no client could ever fill.

    Where two processes append to one conversation, whoever has just done so gives way for a TURN. Without that the one
    that wrote goes on before the other has heard how far it came, and every other insert is in vain.
    `clock` gives seconds. Used by the writer's thread, told news by any.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[ObjectId, int] = {}
        self._others: dict[ObjectId, float] = {}
        self._waits: dict[ObjectId, float] = {}
        self._one = threading.Lock()

    def of(self, conversation_id: ObjectId) -> int:
        """As known, or else read."""
        known = self._known.get(conversation_id)
        return known if known is not None else self.put(conversation_id, messages.head(conversation_id))

    def known(self, conversation_id: ObjectId) -> int:
        """As known; 0 where nothing is."""
        return self._known.get(conversation_id, 0)

    def put(self, conversation_id: ObjectId, seq: int) -> int:
        """The majority holds the log up to `seq`. Returns how far it reaches."""
        with self._one:
            if len(self._known) >= KEPT_MAX and conversation_id not in self._known:
                self._clear()
            self._known[conversation_id] = max(seq, self._known.get(conversation_id, 0))
            return self._known[conversation_id]

    def appended(self, conversation_id: ObjectId, seq: int) -> None:
        """The writer itself got so far."""
        self.put(conversation_id, seq)
        with self._one:
            moment = self._clock()
            if moment - self._others.get(conversation_id, -CONTESTED) < CONTESTED:
                self._waits[conversation_id] = moment + TURN

    def heard(self, conversation_id: ObjectId, seq: int) -> None:
        """Another process got so far. What nobody writes to here is not remembered."""
        with self._one:
            if conversation_id in self._known:
                self._known[conversation_id] = max(seq, self._known[conversation_id])
                self._others[conversation_id] = self._clock()
                self._waits.pop(conversation_id, None)

    def waits(self, conversation_id: ObjectId) -> float:
        """For how many seconds it is another's turn, unless that one is heard of before."""
        until = self._waits.get(conversation_id)
        return 0.0 if until is None else max(0.0, until - self._clock())

    def forget(self, conversation_id: ObjectId) -> None:
        with self._one:
            self._known.pop(conversation_id, None)

    def clear(self) -> None:
        with self._one:
            self._clear()

    def _clear(self) -> None:
        for one in (self._known, self._others, self._waits):
            one.clear()
