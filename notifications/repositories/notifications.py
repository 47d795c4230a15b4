"""What people were told, by person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from chatsite import mongo
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import ObjectId, UserId
from notifications.documents import Notification, RelatedTo

DUPLICATE_KEY = 11000
NEWEST_FIRST = [("created_at", -1), ("_id", -1)]
Place = tuple[datetime, ObjectId]


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["notifications"]


def _read(documents: Iterable[dict[str, Any]]) -> list[Notification]:
    return [from_bson(Notification, document) for document in documents]


def insert(fresh: Sequence[Notification]) -> list[Notification]:
    """Stores these and returns those that were stored: not what the person has, unread, already."""
    if not fresh:
        return []
    try:
        _collection().insert_many([to_bson(one) for one in fresh], ordered=False)
    except BulkWriteError as error:
        refused = {one["index"] for one in _duplicates(error)}
        return [one for at, one in enumerate(fresh) if at not in refused]
    return list(fresh)


def follow(fresh: Sequence[Notification]) -> None:
    """Tells of messages: updates the person's unread notification of the conversation, or makes it.

    `content.count` is added to what stands there. `created_at` moves along, so that the list has the latest on top.
    """
    updates = [_follow(one) for one in fresh]
    while updates:
        try:
            _collection().bulk_write(updates, ordered=False)
            return
        except BulkWriteError as error:
            # Two processes made the same one at once: the loser's update now finds it.
            updates = [updates[one["index"]] for one in _duplicates(error)]


def _follow(one: Notification) -> UpdateOne:
    content = {f"content.{name}": value for name, value in one.content.items()}
    where = {"user_id": one.user_id, "type": one.type, "is_read": False}
    where["content.conversation_id"] = content.pop("content.conversation_id")
    added = {"content.count": content.pop("content.count")}
    highest = {"content.seq": content.pop("content.seq"), "created_at": one.created_at, "expires_at": one.expires_at}
    latest = {**content, "related_to": to_bson(one.related_to)}
    return UpdateOne(where, {"$set": latest, "$inc": added, "$max": highest}, upsert=True)


def _duplicates(error: BulkWriteError) -> list[dict[str, Any]]:
    """The refusals, when all of them are duplicate keys. Raises the error again otherwise."""
    details = error.details or {}
    refusals: list[dict[str, Any]] = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(one.get("code") != DUPLICATE_KEY for one in refusals):
        raise error
    return refusals


def page(user: UserId, before: Place | None, limit: int) -> list[Notification]:
    """The `limit` notifications that come after `before` in the list; the newest for None. Newest first."""
    asked: dict[str, Any] = {"user_id": user}
    if before is not None:
        at, last = before
        asked["$or"] = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": last}}]
        asked["created_at"] = {"$lte": at}
    return _read(_collection().find(asked, sort=NEWEST_FIRST, limit=limit))


def by_id(user: UserId, notification_id: ObjectId) -> Notification | None:
    found = _collection().find_one({"_id": notification_id, "user_id": user})
    return None if found is None else from_bson(Notification, found)


def unread(user: UserId) -> int:
    return _collection().count_documents({"user_id": user, "is_read": False})


def unread_of(users: Iterable[UserId]) -> dict[UserId, int]:
    """How many each of these people has not read; those with none are left out."""
    counts: list[dict[str, Any]] = [
        {"$match": {"user_id": {"$in": list(users)}, "is_read": False}},
        {"$group": {"_id": "$user_id", "unread": {"$sum": 1}}},
    ]
    return {UserId(one["_id"]): int(one["unread"]) for one in _collection().aggregate(counts)}


def of_conversations(users: Iterable[UserId], conversations: Iterable[ObjectId]) -> list[Notification]:
    """The unread notifications of these people about these conversations."""
    asked = {
        "user_id": {"$in": list(users)},
        "content.conversation_id": {"$in": [str(one) for one in conversations]},
        "type": "message",
        "is_read": False,
    }
    return _read(_collection().find(asked))


def about(user: UserId, related_to: RelatedTo) -> list[Notification]:
    """This person's unread notifications about one thing."""
    asked = {"user_id": user, "is_read": False, "related_to.type": related_to.type, "related_to.id": related_to.id}
    return _read(_collection().find(asked))


def mark_read(user: UserId, ids: Sequence[ObjectId] | None = None) -> int:
    """Marks this person's notifications as read, all of them for None. Returns how many were not before."""
    asked: dict[str, Any] = {"user_id": user, "is_read": False}
    if ids is not None:
        asked["_id"] = {"$in": list(ids)}
    return _collection().update_many(asked, {"$set": {"is_read": True}}).modified_count


def delete(user: UserId) -> None:
    """Deletes everything this person was told."""
    _collection().delete_many({"user_id": user})


def everything(user: UserId) -> Iterator[Notification]:
    """All a person was told that is still there, the newest first; not all in memory at once."""
    return (from_bson(Notification, document) for document in _collection().find({"user_id": user}, sort=NEWEST_FIRST))
