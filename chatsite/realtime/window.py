"""What one socket was sent and its client has not acknowledged: how far ahead of it the server may run."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from chatsite.realtime.protocol import Event

EVENTS_MAX = 500  # that are not acknowledged
BYTES_MAX = 256 * 1024
LAG_MAX = 27.0
"""Seconds that a client may leave the window full, or its connection without taking anything: with the hub's look, and
what it takes to fill them, the 30 of PROTOCOL.md."""

Cursors = Mapping[str, tuple[int, int]]


class Sent(NamedTuple):
    """One frame, as windows count it; all sockets that get it share this. Its place in a log stands beside its size."""

    size: int  # bytes
    conversation: str = ""
    seq: int = 0
    rev: int = 0


def counted(event: Event, text: str) -> Sent:
    """How this event counts, whose frame is `text`."""
    seq, rev = (getattr(event, name, 0) for name in ("seq", "rev"))
    if event.placed and (seq or rev):
        return Sent(size_of(text), event.conversation_id, seq, rev)  # type: ignore[attr-defined]
    return Sent(size_of(text))


def size_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="replace"))


class Window:
    """The frames of one socket that are not acknowledged, oldest first.

    The stream is in order, so whoever has one event has all before it. What was never sent is not in here, and no
    cursor can acknowledge it. Once full it is so until half of it is acknowledged: going on for one event at a time
    would tell a slow client again and again to start over. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.size = 0
        self._clock = clock
        self._frames: deque[Sent] = deque()
        self._full_since: float | None = None

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def full(self) -> bool:
        return self._full_since is not None

    @property
    def half_full(self) -> bool:
        return 2 * len(self._frames) >= EVENTS_MAX or 2 * self.size >= BYTES_MAX

    def add(self, one: Sent) -> None:
        """One more frame went out. Answers go out also when the window is full."""
        self._frames.append(one)
        self.size += one.size
        if self._full_since is None and (len(self._frames) >= EVENTS_MAX or self.size >= BYTES_MAX):
            self._full_since = self._clock()

    def acknowledge(self, cursors: Cursors) -> None:
        """The client has, of each of these conversations, everything up to [seq, rev]."""
        covered = 0
        for number, one in enumerate(self._frames, start=1):
            seq, rev = cursors.get(one.conversation, (0, 0))
            if 0 < one.seq <= seq or 0 < one.rev <= rev:
                covered = number
        self._forget(covered)

    def acknowledge_unplaced(self) -> None:
        """The client is there: it has what no cursor can name, up to the first event that one could."""
        placed = (number for number, one in enumerate(self._frames) if one.conversation)
        self._forget(next(placed, len(self._frames)))

    def neglected(self, now: float) -> bool:
        """Whether it has been full for too long without an acknowledgement."""
        return self._full_since is not None and now - self._full_since > LAG_MAX

    def _forget(self, count: int) -> None:
        if count:
            for _ in range(count):
                self.size -= self._frames.popleft().size
            if self._full_since is not None:
                self._full_since = self._clock() if self.half_full else None


class Unlimited(Window):
    """For measurements: it lets everything through and keeps no account."""

    def add(self, one: Sent) -> None:
        pass


def window(limits: bool) -> Window:
    return Window() if limits else Unlimited()
