"""What a person wants to hear of, and how."""

from __future__ import annotations

from chatsite.clock import now
from chatsite.types import ObjectId, UserId
from notifications.documents import Channels, NotificationPreference, Types
from notifications.repositories import preferences


def get(me: UserId) -> NotificationPreference:
    """My preferences; the defaults where I have set none."""
    found = preferences.of([me]).get(me)
    return found or NotificationPreference(id=ObjectId(), user_id=me, updated_at=now())


def put(me: UserId, channels: Channels, types: Types) -> NotificationPreference:
    """Replaces my preferences. Returns them as they now are."""
    preferences.put(me, channels, types, now())
    return get(me)
