"""What people have begun to write, kept in their seats: read with them, so that no page asks for it by itself."""

from __future__ import annotations

from typing import Any

from pymongo.collection import Collection

from chatsite import mongo
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import SeatDraft


def _memberships() -> Collection[dict[str, Any]]:
    return mongo.database()["memberships"]


def put(here: ObjectId, user_id: UserId, draft: SeatDraft) -> bool:
    """Keeps it in place of an earlier one. False where one of the same or a later moment is there, or no seat."""
    older = {"$or": [{"draft": {"$exists": False}}, {"draft.updated_at": {"$lt": draft.updated_at}}]}
    where = {"conversation_id": here, "user_id": user_id, **older}
    return _memberships().update_one(where, {"$set": {"draft": to_bson(draft)}}).modified_count == 1


def remove(here: ObjectId, user_id: UserId) -> bool:
    """Whether there was one."""
    where = {"conversation_id": here, "user_id": user_id, "draft": {"$exists": True}}
    return _memberships().update_one(where, {"$unset": {"draft": ""}}).modified_count == 1


def of_person(user_id: UserId) -> dict[ObjectId, SeatDraft]:
    """All of theirs, by conversation."""
    asked = {"user_id": user_id, "draft": {"$exists": True}}
    found = _memberships().find(asked, {"conversation_id": 1, "draft": 1, "_id": 0})
    return {one["conversation_id"]: from_bson(SeatDraft, one["draft"]) for one in found}
