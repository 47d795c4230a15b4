"""What a person may take along of notifications: what they were told, and what they want to hear of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.services.exports import Contribution, Part
from accounts.services.exports.contents import document, lines
from chatsite.types import UserId
from notifications.documents import Notification
from notifications.repositories import notifications, preferences


def parts(me: UserId) -> Iterator[Part]:
    yield lines("notifications.jsonl", map(_told, notifications.everything(me)))
    chosen = preferences.of([me]).get(me)
    if chosen is not None:
        yield document("notification-preferences.json", {"channels": chosen.channels, "types": chosen.types})


def _told(one: Notification) -> dict[str, Any]:
    return {"id": str(one.id), **{name: getattr(one, name) for name in ("type", "content", "is_read", "created_at")}}


CONTRIBUTION = Contribution(lambda me: 0, parts)
