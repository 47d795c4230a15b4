"""What people want to hear of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from chatsite import mongo
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import UserId
from notifications.documents import Channels, NotificationPreference, Types


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["notification_preferences"]


def of(users: Iterable[UserId]) -> dict[UserId, NotificationPreference]:
    """The preferences of those who have set any."""
    found = _collection().find({"user_id": {"$in": list(users)}})
    return {UserId(document["user_id"]): from_bson(NotificationPreference, document) for document in found}


def put(user: UserId, channels: Channels, types: Types, at: datetime) -> None:
    """Replaces a person's preferences, or sets them for the first time."""
    values = {"channels": to_bson(channels), "types": to_bson(types), "updated_at": at}
    _collection().update_one({"user_id": user}, {"$set": values}, upsert=True)


def delete(user: UserId) -> None:
    """As if they had never set any."""
    _collection().delete_one({"user_id": user})
