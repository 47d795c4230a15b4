"""What is pinned in a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chatsite import mongo
from chatsite.mongo.codec import all_from_bson
from chatsite.types import ObjectId
from messaging.documents import Message

Place = tuple[datetime, int]
"""Where a page of pins ended: when the last one was pinned, and its `seq`."""


def page(conversation_id: ObjectId, after: Place | None, limit: int) -> list[Message]:
    """The `limit` messages pinned last, or those after a place in this order."""
    asked: dict[str, Any] = {"conversation_id": conversation_id, "pinned_at": {"$exists": True}}
    if after is not None:
        at, seq = after
        asked["$or"] = [{"pinned_at": {"$lt": at}}, {"pinned_at": at, "seq": {"$lt": seq}}]
    latest = [("pinned_at", -1), ("seq", -1)]
    return all_from_bson(Message, mongo.database()["messages"].find(asked, sort=latest, limit=limit).to_list())
