"""Files on their way into messages, and those that are in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from chatsite import mongo
from chatsite.clock import now
from chatsite.mongo.codec import all_from_bson, from_bson, to_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Upload, UploadState

UNSENT = ["open", "ready"]


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["uploads"]


def _one(found: dict[str, Any] | None) -> Upload | None:
    return None if found is None else from_bson(Upload, found)


def insert(upload: Upload) -> None:
    _collection().insert_one(to_bson(upload))


def by_id(upload_id: ObjectId) -> Upload | None:
    return _one(_collection().find_one({"_id": upload_id}))


def by_ids(ids: Sequence[ObjectId]) -> dict[ObjectId, Upload]:
    found = _collection().find({"_id": {"$in": list(ids)}}).to_list() if ids else []
    return {one.id: one for one in all_from_bson(Upload, found)}


def by_key(key: str) -> Upload | None:
    return _one(_collection().find_one({"key": key}))


def advance(upload: Upload, piece: str, size: int) -> Upload | None:
    """Enters a piece of `size` bytes, stored under this name, after those that are there. None where another one came
    first, or the file comes no more."""
    where = {"_id": upload.id, "state": "open", "received": upload.received}
    entered = {"$push": {"pieces": piece}, "$inc": {"received": size}, "$set": {"moved_at": now()}}
    return _one(_collection().find_one_and_update(where, entered, return_document=ReturnDocument.AFTER))


def complete(upload_id: ObjectId, known: dict[str, Any]) -> Upload | None:
    """It is whole, and this is `known` of it. None where it comes no more."""
    change = {"$set": {**known, "state": "ready", "pieces": [], "moved_at": now()}}
    where = {"_id": upload_id, "state": "open"}
    return _one(_collection().find_one_and_update(where, change, return_document=ReturnDocument.AFTER))


def claim(ids: Sequence[ObjectId], owner: UserId, here: ObjectId, client_id: str) -> int:
    """Gives those of these files that are whole, of this person and for this conversation to one message of theirs.
    Returns how many it has now; those that another one has are not among them."""
    free = {"$in": [None, client_id]}
    asked = {"_id": {"$in": list(ids)}, "owner_id": owner, "conversation_id": here}
    change = {"$set": {"client_id": client_id, "moved_at": now()}}
    return _collection().update_many({**asked, "state": "ready", "client_id": free}, change).matched_count


def doom(ids: Sequence[ObjectId], session: ClientSession | None = None) -> None:
    """From now on nobody gets these."""
    change = {"$set": {"state": "doomed", "moved_at": now()}}
    _collection().update_many({"_id": {"$in": list(ids)}}, change, session=session)


def doom_unsent(upload: Upload) -> bool:
    """As `doom`, unless a message has got it, or it moved, since it was read."""
    where = {"_id": upload.id, "state": {"$in": UNSENT}, "client_id": upload.client_id, "moved_at": upload.moved_at}
    return _collection().update_one(where, {"$set": {"state": "doomed"}}).modified_count == 1


def shared(upload: Upload) -> bool:
    """Whether another file that is not doomed has the same bytes."""
    same = {"$or": [{"key": upload.bytes_key}, {"stored_as": upload.bytes_key}]}
    others = {"_id": {"$ne": upload.id}, "state": {"$ne": "doomed"}}
    return _collection().find_one({**same, **others}, {"_id": 1}) is not None


def wait_on(upload_id: ObjectId) -> None:
    """Its message is still to come."""
    _collection().update_one({"_id": upload_id, "state": "ready"}, {"$set": {"moved_at": now()}})


def keep(upload_id: ObjectId) -> None:
    _collection().update_one({"_id": upload_id, "state": "ready"}, {"$set": {"state": "kept"}})


def untouched(states: Iterable[UploadState], before: datetime, limit: int) -> list[Upload]:
    """Those that have been in one of these states since `before`, longest first."""
    asked = {"state": {"$in": list(states)}, "moved_at": {"$lt": before}}
    return all_from_bson(Upload, _collection().find(asked, sort=[("moved_at", 1)], limit=limit).to_list())


def delete(upload_id: ObjectId) -> None:
    _collection().delete_one({"_id": upload_id})


def room(owner: UserId) -> tuple[int, int]:
    """How many bytes a person's files take, and how many files they have not sent."""
    found = list(
        _collection().aggregate(
            [
                {"$match": {"owner_id": owner}},
                {"$group": {"_id": {"$in": ["$state", UNSENT]}, "bytes": {"$sum": "$size"}, "files": {"$sum": 1}}},
            ]
        )
    )
    return sum(one["bytes"] for one in found), sum(one["files"] for one in found if one["_id"])
