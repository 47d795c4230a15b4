"""What the sockets hear of notifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from chatsite.realtime import hub
from chatsite.realtime.protocol import encode
from chatsite.types import ObjectId, UserId
from notifications import presentation
from notifications.documents import Notification
from notifications.protocol import NotificationCreated, NotificationRead


def created(notifications: Sequence[Notification], unread: Mapping[UserId, int]) -> None:
    """Each of these is new, or up to date again. `unread` are the counts of their people."""
    for one in presentation.data(notifications):
        user = UserId(one.user_id)
        hub.publish_to_user(user, NotificationCreated(notification=one, unread=unread.get(user, 0)))


def read(user: UserId, ids: Sequence[ObjectId] | None, unread: int) -> None:
    """A person read these, or all of them for None, and has `unread` left."""
    told = NotificationRead(all=True, unread=unread)
    if ids is not None:
        told = NotificationRead(ids=[str(one) for one in ids], unread=unread)
    hub.publish_to_user(user, told)


def _draw_created(text: str) -> str:
    """The event with the notification drawn, for browsers."""
    event = msgspec.json.decode(text, type=NotificationCreated)
    html = "".join([presentation.draw(event.notification)])  # plain text: the encoder takes no SafeString
    return encode(msgspec.structs.replace(event, html=html))


hub.draws("notification.created", _draw_created)
