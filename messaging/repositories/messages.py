"""Reading the log. Every method asks in the words of a page or a client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.cursor import Cursor

from chatsite import mongo
from chatsite.mongo.codec import all_from_bson, from_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Message

OLDEST_FIRST = [("seq", 1)]
NEWEST_FIRST = [("seq", -1)]


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["messages"]


def _read(found: Cursor[dict[str, Any]]) -> list[Message]:
    return all_from_bson(Message, found.to_list())


def last(conversation_id: ObjectId, limit: int) -> list[Message]:
    """The newest `limit` messages, oldest first."""
    return before(conversation_id, None, limit)


def before(conversation_id: ObjectId, seq: int | None, limit: int) -> list[Message]:
    """The `limit` messages just before `seq` (None: the newest), oldest first."""
    asked: dict[str, Any] = {"conversation_id": conversation_id}
    if seq is not None:
        asked["seq"] = {"$lt": seq}
    return _read(_collection().find(asked, sort=NEWEST_FIRST, limit=limit))[::-1]


def after(conversation_id: ObjectId, seq: int, limit: int) -> list[Message]:
    """The `limit` messages just after `seq`, oldest first."""
    asked = {"conversation_id": conversation_id, "seq": {"$gt": seq}}
    return _read(_collection().find(asked, sort=OLDEST_FIRST, limit=limit))


def one(conversation_id: ObjectId, seq: int) -> Message | None:
    found = _collection().find_one({"conversation_id": conversation_id, "seq": seq})
    return None if found is None else from_bson(Message, found)


def first_since(conversation_id: ObjectId, moment: datetime) -> int | None:
    """The `seq` of the first message from a moment on; None where there is none. Of a log whose times go up: by halves,
    twenty questions for a million messages."""
    low, high = 1, head(conversation_id) + 1
    while low < high:
        middle = (low + high) // 2
        found = _collection().find_one({"conversation_id": conversation_id, "seq": middle}, {"created_at": 1, "_id": 0})
        if found is not None and found["created_at"] < moment:
            low = middle + 1
        else:
            high = middle
    return low if one(conversation_id, low) else None


def by_id(message_id: ObjectId) -> Message | None:
    found = _collection().find_one({"_id": message_id})
    return None if found is None else from_bson(Message, found)


def by_ids(ids: Sequence[ObjectId]) -> dict[ObjectId, Message]:
    return {one.id: one for one in _read(_collection().find({"_id": {"$in": list(ids)}}))} if ids else {}


def by_client_id(conversation_id: ObjectId, sender_id: UserId, client_id: str) -> Message | None:
    """What an earlier try of the same send stored, as far as the majority knows it."""
    asked = {"conversation_id": conversation_id, "sender_id": sender_id, "client_id": client_id}
    found = _collection().find_one(asked)
    return None if found is None else from_bson(Message, found)


def ids_by_client_id(conversation_id: ObjectId, client_ids: Sequence[str]) -> dict[str, ObjectId]:
    """Those of these sends that are stored, whoever sent them: the ids of their messages."""
    asked = {"conversation_id": conversation_id, "client_id": {"$in": list(client_ids)}}
    return {one["client_id"]: one["_id"] for one in _collection().find(asked, {"client_id": 1})} if client_ids else {}


def existing(ids: Sequence[ObjectId]) -> set[ObjectId]:
    """Those of these ids that messages have."""
    return {one["_id"] for one in _collection().find({"_id": {"$in": list(ids)}}, {"_id": 1})} if ids else set()


def head(conversation_id: ObjectId, session: ClientSession | None = None) -> int:
    """The highest `seq` of the log, 0 for an empty one. Majority-read, so it can never be rolled back; in a transaction
    of `session`, that is rolled back with it."""
    here, seq = {"conversation_id": conversation_id}, {"seq": 1, "_id": 0}
    found = _collection().find_one(here, seq, sort=NEWEST_FIRST, session=session)
    return 0 if found is None else int(found["seq"])


def heads(conversation_ids: Sequence[ObjectId]) -> dict[ObjectId, int]:
    """The highest `seq` of each log, read from the log itself: one index seek each, in one round trip."""
    newest: list[dict[str, Any]] = [
        {"$match": {"conversation_id": {"$in": list(conversation_ids)}}},
        {"$sort": {"conversation_id": -1, "seq": -1}},
        {"$group": {"_id": "$conversation_id", "seq": {"$first": "$seq"}}},
    ]
    found = {one["_id"]: int(one["seq"]) for one in _collection().aggregate(newest)} if conversation_ids else {}
    return {one: found.get(one, 0) for one in conversation_ids}


def unread(user_id: UserId, read: dict[ObjectId, int]) -> dict[ObjectId, int]:
    """How many messages of others stand after each conversation's read mark. Conversations without any are left out."""
    if not read:
        return {}
    others = {"sender_id": {"$ne": user_id}, "deleted_at": {"$exists": False}, "hidden_for": {"$ne": user_id}}
    branches = [{"conversation_id": one, "seq": {"$gt": seq}, **others} for one, seq in read.items()]
    counts: list[dict[str, Any]] = [
        {"$match": {"$or": branches}},
        {"$group": {"_id": "$conversation_id", "unread": {"$sum": 1}}},
    ]
    return {one["_id"]: int(one["unread"]) for one in _collection().aggregate(counts)}
