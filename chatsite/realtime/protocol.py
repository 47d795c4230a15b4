"""Frames on the socket: the base of all of them, and those that belong to no app (PROTOCOL.md, "The socket")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

FRAME_MAX = 64 * 1024  # bytes of one frame from a client
PING_INTERVAL = 25_000  # milliseconds, told to clients in `ready`

MALFORMED = 4400
SIGNED_OUT = 4401
NOT_ALLOWED = 4403
NO_HEARTBEAT = 4408
LAGGING = 4409
FRAME_TOO_LARGE = 4413
TOO_FAST = 4429
RESTART = 1012

Hex = Annotated[str, Meta(pattern="^[0-9a-f]{24}$", description="a MongoDB id: 24 hex digits")]
Place = Annotated[int, Meta(ge=0, le=2**53)]
Cursors = dict[Hex, tuple[Place, Place]]


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """A frame from a client. Strict: a field it does not declare is refused."""


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """A frame from the server. May gain fields: clients ignore what they do not know.

    One that is `placed` stands in the log of its `conversation_id`, at `seq`, `rev` or both: cursors acknowledge it.
    """

    placed: ClassVar[bool] = False


class Hello(Command, frozen=True, kw_only=True, tag="hello"):
    """The first frame: where the client stands in each conversation it knows, as [seq, rev]."""

    cursors: Cursors = {}
    epoch: Annotated[str, Meta(max_length=64)] | None = None
    ticket: Annotated[str, Meta(max_length=256)] | None = None
    language: Annotated[str, Meta(max_length=35)] | None = None
    """Of the words in what comes drawn, and of what is refused: that of the page."""


class Ping(Command, frozen=True, kw_only=True, tag="ping"):
    """The heartbeat. With `cursors`, also empty ones, the pong tells of every conversation that is ahead of them."""

    cursors: Cursors | msgspec.UnsetType = msgspec.UNSET


class Ready(Event, frozen=True, kw_only=True, tag="ready"):
    """Subscribed. `ping_ms` is the heartbeat the server expects, `limits` what it will refuse."""

    user_id: str
    epoch: str
    ping_ms: int
    limits: dict[str, int]


class Pong(Event, frozen=True, kw_only=True, tag="pong", omit_defaults=False):
    """The heads [seq, rev] of the conversations that are ahead of the cursors in the ping."""

    heads: dict[str, tuple[int, int]] = {}


class Error(Event, frozen=True, kw_only=True, tag="error"):
    """A command that was refused. `client_id` or `op_id` say which, when it had one."""

    code: str
    detail: str
    client_id: str | None = None
    op_id: str | None = None
    retry_after: float | None = None


class Bye(Event, frozen=True, kw_only=True, tag="bye"):
    """Before a planned stop: come back after so many milliseconds."""

    reconnect_in_ms: int


class Presence(Event, frozen=True, kw_only=True, tag="presence"):
    """Fleeting: whether someone is `online` or `offline`, and since when."""

    user_id: str
    state: str
    last_seen: str | None = None


_encoder = msgspec.json.Encoder()


def encode(frame: Event) -> str:
    """The text of one frame."""
    return _encoder.encode(frame).decode()


def array(texts: Sequence[str]) -> str:
    """One frame of several events, each encoded already."""
    return texts[0] if len(texts) == 1 else f"[{','.join(texts)}]"


class Labels(msgspec.Struct):
    """What a refused frame may still be asked for, to say which command an error answers."""

    client_id: Any = None
    op_id: Any = None


def labels(text: str) -> dict[str, str]:
    """The `client_id` and `op_id` of a frame that was not understood, where they are strings of sane length."""
    try:
        found = msgspec.json.decode(text, type=Labels)
    except (msgspec.DecodeError, RecursionError):
        return {}
    both = {"client_id": found.client_id, "op_id": found.op_id}
    return {name: value for name, value in both.items() if isinstance(value, str) and len(value) <= 64}
