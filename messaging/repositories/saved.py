"""Messages that people keep at hand for themselves."""

from __future__ import annotations

from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chatsite import mongo
from chatsite.clock import now
from chatsite.mongo.codec import all_from_bson, from_bson, to_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Message, Saved

LAST_FIRST = [("_id", -1)]


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["saved_messages"]


def put(user_id: UserId, message: Message) -> tuple[Saved, bool]:
    """What is kept, and whether it was not before."""
    fresh = Saved(
        id=ObjectId(),
        user_id=user_id,
        message_id=message.id,
        conversation_id=message.conversation_id,
        saved_at=now(),
    )
    try:
        _collection().insert_one(to_bson(fresh))
    except DuplicateKeyError:
        return one(user_id, message.id) or fresh, False
    return fresh, True


def one(user_id: UserId, message_id: ObjectId) -> Saved | None:
    found = _collection().find_one({"user_id": user_id, "message_id": message_id})
    return None if found is None else from_bson(Saved, found)


def remove(user_id: UserId, message_id: ObjectId) -> Saved | None:
    """As it was; None where it was not there."""
    found = _collection().find_one_and_delete({"user_id": user_id, "message_id": message_id})
    return None if found is None else from_bson(Saved, found)


def before(user_id: UserId, place: ObjectId | None, limit: int) -> list[Saved]:
    """The `limit` that were saved before the one with this id (None: the last), last saved first."""
    asked: dict[str, Any] = {"user_id": user_id}
    if place is not None:
        asked["_id"] = {"$lt": place}
    return all_from_bson(Saved, _collection().find(asked, sort=LAST_FIRST, limit=limit).to_list())


def remove_all(user_id: UserId) -> None:
    _collection().delete_many({"user_id": user_id})
