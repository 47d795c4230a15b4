"""Messages that wait for their time. Who sends one claims it first; whoever died over it is taken over from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chatsite import mongo
from chatsite.clock import now
from chatsite.mongo.codec import all_from_bson, from_bson, to_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Scheduled

SOONEST = [("due_at", 1), ("_id", 1)]
OPEN = {"$in": ["waiting", "failed"]}
"""States in which something about it can be changed."""


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["scheduled_messages"]


def _one(found: dict[str, Any] | None) -> Scheduled | None:
    return None if found is None else from_bson(Scheduled, found)


def insert(fresh: Scheduled) -> Scheduled:
    """It, or the one that an earlier try with the same `client_id` has stored."""
    try:
        _collection().insert_one(to_bson(fresh))
    except DuplicateKeyError:
        same = {"user_id": fresh.user_id, "conversation_id": fresh.conversation_id, "client_id": fresh.client_id}
        return _one(_collection().find_one(same)) or fresh
    return fresh


def of_person(user_id: UserId) -> list[Scheduled]:
    """Soonest first."""
    return all_from_bson(Scheduled, _collection().find({"user_id": user_id}, sort=SOONEST).to_list())


def one(user_id: UserId, scheduled_id: ObjectId) -> Scheduled | None:
    return _one(_collection().find_one({"_id": scheduled_id, "user_id": user_id}))


def change(user_id: UserId, scheduled_id: ObjectId, fields: dict[str, Any]) -> Scheduled | None:
    """It waits, with these fields. None where it is not there, or is being sent."""
    where = {"_id": scheduled_id, "user_id": user_id, "state": OPEN}
    update = {"$set": {**fields, "state": "waiting", "updated_at": now()}, "$unset": {"problem": ""}}
    return _one(_collection().find_one_and_update(where, update, return_document=ReturnDocument.AFTER))


def remove(user_id: UserId, scheduled_id: ObjectId) -> Scheduled | None:
    """As it was. None where it is not there, or is being sent."""
    return _one(_collection().find_one_and_delete({"_id": scheduled_id, "user_id": user_id, "state": OPEN}))


def claim_due(moment: datetime, abandoned: datetime) -> Scheduled | None:
    """The next one that is due, for the caller to send; or one whose sender has not been heard of since a time."""
    due = {"state": "waiting", "due_at": {"$lte": moment}}
    return _claim({"$or": [due, {"state": "sending", "tried_at": {"$lt": abandoned}}]}, moment)


def claim(user_id: UserId, scheduled_id: ObjectId) -> Scheduled | None:
    """This one, whenever it is due. None where it is not there, or is being sent."""
    return _claim({"_id": scheduled_id, "user_id": user_id, "state": OPEN}, now())


def _claim(where: dict[str, Any], moment: datetime) -> Scheduled | None:
    update = {"$set": {"state": "sending", "tried_at": moment}, "$unset": {"problem": ""}}
    found = _collection().find_one_and_update(where, update, sort=SOONEST, return_document=ReturnDocument.AFTER)
    return _one(found)


def finish(sent: Scheduled) -> None:
    """It is in the log."""
    _collection().delete_one({"_id": sent.id})


def fail(claimed: Scheduled, problem: str) -> None:
    update = {"$set": {"state": "failed", "problem": problem, "updated_at": now()}}
    _collection().update_one({"_id": claimed.id, "state": "sending", "tried_at": claimed.tried_at}, update)


def count(user_id: UserId) -> int:
    return _collection().count_documents({"user_id": user_id})


def holds(user_id: UserId, conversation_id: ObjectId, client_id: str) -> bool:
    """Whether a message with this `client_id` waits for its time."""
    where = {"user_id": user_id, "conversation_id": conversation_id, "client_id": client_id}
    return _collection().find_one(where, {"_id": 1}) is not None


def note(user_id: UserId, conversation_id: ObjectId) -> int:
    """Writes into a person's seat how many of theirs wait in a conversation, and returns it."""
    waiting = _collection().count_documents({"user_id": user_id, "conversation_id": conversation_id})
    update = {"$set": {"scheduled": waiting}} if waiting else {"$unset": {"scheduled": ""}}
    mongo.database()["memberships"].update_one({"conversation_id": conversation_id, "user_id": user_id}, update)
    return waiting


def remove_all(user_id: UserId) -> list[Scheduled]:
    """Their own, all of them, as they were."""
    found = of_person(user_id)
    _collection().delete_many({"user_id": user_id})
    return found
