"""What one client shows of one conversation, kept by the rules of PROTOCOL.md, "Applying"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple


class Line(NamedTuple):
    """A message as shown."""

    seq: int
    id: str
    client_id: str
    sender_id: str
    content: str


class Book:
    """The list of messages from the first one on, without a hole, and the cursor that goes with it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.rev = 0
        self.contradictions: list[str] = []
        """Where the server took back what it had said: another message at a `seq` that was shown."""
        self._held: dict[int, Line] = {}

    @property
    def seq(self) -> int:
        return len(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        return self.seq, self.rev

    @property
    def has_hole(self) -> bool:
        return bool(self._held)

    def take(self, message: dict[str, Any]) -> None:
        """Applies, holds or ignores one message, whichever way it came."""
        line = line_of(message)
        if line.seq <= self.seq:
            self._compare(line)
        else:
            self._held[line.seq] = line
            while (following := self._held.pop(self.seq + 1, None)) is not None:
                self.lines.append(following)

    def change(self, rev: int, message: dict[str, Any] | None) -> bool:
        """Applies one change; False where one before it is missing."""
        if rev == self.rev + 1:
            self.rev = rev
            if message is not None and message["seq"] <= self.seq:
                self.lines[message["seq"] - 1] = line_of(message)
        return rev <= self.rev

    def start_over(self, messages: Iterable[dict[str, Any]], rev: int) -> None:
        """Replaces the list after `sync.reset`: `messages` from the first one on, without a hole."""
        self.lines, self._held, self.rev = [], {}, rev
        for one in messages:
            self.take(one)

    def _compare(self, line: Line) -> None:
        shown = self.lines[line.seq - 1]
        if shown.id != line.id:
            self.contradictions.append(f"seq {line.seq} was {shown.id} and is {line.id}")


def line_of(message: dict[str, Any]) -> Line:
    return Line(message["seq"], message["id"], message["client_id"], message["sender_id"], message["content"])
