"""Frames about notifications (PROTOCOL.md, "The socket")."""

from __future__ import annotations

from typing import Any

import msgspec

from accounts.services.people import Card
from chatsite.realtime.protocol import Event


class RelatedToData(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    id: str


class NotificationData(msgspec.Struct, frozen=True, kw_only=True):
    """A notification as clients see it: the plan's fields, and how to show it: a face, two lines, where it leads."""

    id: str
    user_id: str
    type: str
    content: dict[str, Any]
    related_to: RelatedToData
    is_read: bool
    created_at: str
    expires_at: str
    title: str
    text: str
    url: str
    face: Card | None


class NotificationCreated(Event, frozen=True, kw_only=True, tag="notification.created", omit_defaults=False):
    """Something new, or something unread that was brought up to date. `unread` counts all of the person's."""

    notification: NotificationData
    unread: int
    html: str | msgspec.UnsetType = msgspec.UNSET


class NotificationRead(Event, frozen=True, kw_only=True, tag="notification.read", omit_defaults=False):
    """These were read, or `all`; `unread` are left."""

    unread: int
    ids: list[str] | msgspec.UnsetType = msgspec.UNSET
    all: bool | msgspec.UnsetType = msgspec.UNSET
