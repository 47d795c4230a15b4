"""What the reference is made of: a conversation with its two logs and its seats."""

from __future__ import annotations

from dataclasses import dataclass, field


class Refused(Exception):
    """The answer is an `error` with this code."""

    @property
    def code(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Ack:
    """Where a command stands in the logs; `rev` is None for a message that was sent."""

    seq: int
    rev: int | None = None


@dataclass
class Message:
    """`reactions` holds who set each emoji, in the order they came."""

    seq: int
    client_id: str
    sender: str
    content: str
    reply_to: int | None = None
    thread: int | None = None
    edited: bool = False
    deleted: bool = False
    pinned: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    delivered: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)


@dataclass
class Seat:
    """Someone's place in a room: what was said up to `joined` was before their time."""

    role: str
    joined: int
    delivered: int
    read: int


@dataclass
class Room:
    """A conversation: its log of messages, its log of changes (their kinds), and who sits in it, longest first."""

    private: bool
    name: str | None
    seats: dict[str, Seat]
    messages: list[Message] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    operations: dict[tuple[str, str], tuple[object, Ack]] = field(default_factory=dict)

    @property
    def head(self) -> tuple[int, int]:
        return len(self.messages), len(self.changes)

    def root(self, seq: int) -> Message:
        """The message with which the thread begins that this one begins or is in."""
        found = self.messages[seq - 1]
        return found if found.thread is None else self.messages[found.thread - 1]

    def replies(self, seq: int) -> int:
        return sum(one.thread == seq and not one.deleted for one in self.messages)

    def unread(self, who: str) -> int:
        read = self.seats[who].read
        return sum(one.seq > read and one.sender != who and not one.deleted for one in self.messages)

    def sent(self, who: str, client_id: str) -> Message | None:
        return next((one for one in self.messages if (one.sender, one.client_id) == (who, client_id)), None)

    def enter(self, kind: str) -> int:
        """The next entry of the log of changes; returns its rev."""
        self.changes.append(kind)
        return len(self.changes)
