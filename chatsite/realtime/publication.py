"""What the hub hands out."""

from __future__ import annotations

from typing import Any

import msgspec

from chatsite.realtime.window import Sent


class Publication(msgspec.Struct, frozen=True):
    """One event for the listeners of a topic.

    `skip` are people whose own sockets do not hear it. `receipts` limits it to those who see receipts (True) or to
    those who do not (False). `order` is not for clients: it tells the sockets of a person to join or leave a topic, to
    look again whether they may stay, or to close. `sent` is how the text counts on the sockets that get it.
    """

    topic: str
    text: str = ""
    kind: str = ""
    fleeting: bool = False
    skip: frozenset[str] = frozenset()
    receipts: bool | None = None
    order: dict[str, Any] | None = None
    sent: Sent = Sent(0)
