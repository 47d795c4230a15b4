"""Seats whose owner has not said yes to a stranger's message. Few of all seats are among them; both indexes hold these
alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from pymongo.collection import Collection as Stored

from chatsite import mongo
from chatsite.types import ObjectId, UserId
from messaging.documents import Pending

ANY = {"$exists": True}


def _memberships() -> Stored[dict[str, Any]]:
    return mongo.database()["memberships"]


def state(conversation_id: ObjectId, user_id: UserId) -> Pending | None:
    """What became of the request to this person; None also where there was none."""
    where = {"conversation_id": conversation_id, "user_id": user_id, "request": ANY}
    found = _memberships().find_one(where, {"request": 1, "_id": 0})
    return None if found is None else found["request"]


def answer(conversation_id: ObjectId, user_id: UserId, was: Collection[Pending], now: Pending | None) -> bool:
    """Turns a request that is one of `was` into `now`; None is a yes. False where it was none of these."""
    where = {"conversation_id": conversation_id, "user_id": user_id, "request": {"$in": list(was)}}
    change: dict[str, Any] = {"$unset": {"request": ""}} if now is None else {"$set": {"request": now}}
    return _memberships().update_one(where, change).modified_count == 1


def of_people(people: Collection[UserId]) -> dict[UserId, dict[ObjectId, Pending]]:
    """The requests to each of these people that have no yes, by conversation."""
    found: dict[UserId, dict[ObjectId, Pending]] = {one: {} for one in people}
    asked = {"user_id": {"$in": list(people)}, "request": ANY}
    for seat in _memberships().find(asked, {"user_id": 1, "conversation_id": 1, "request": 1, "_id": 0}):
        found[seat["user_id"]][seat["conversation_id"]] = seat["request"]
    return found


def unanswered(conversation_ids: Iterable[ObjectId]) -> dict[ObjectId, set[UserId]]:
    """Who in each of these conversations has not said yes; those where everybody has are left out."""
    ids = list(conversation_ids)
    found: defaultdict[ObjectId, set[UserId]] = defaultdict(set)
    asked = {"conversation_id": {"$in": ids}, "request": ANY}
    for seat in _memberships().find(asked, {"conversation_id": 1, "user_id": 1, "_id": 0}) if ids else ():
        found[seat["conversation_id"]].add(seat["user_id"])
    return dict(found)
