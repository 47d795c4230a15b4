"""What people keep in their seats about how they want a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from pymongo import ReturnDocument

from chatsite import mongo
from chatsite.mongo.codec import from_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Membership

Value = datetime | str | int | bool | None


def put(conversation_id: ObjectId, user_id: UserId, fields: Mapping[str, Value]) -> Membership | None:
    """Sets these fields of a seat, and takes away those that are None. None where there is no such seat."""
    kept = {name: one for name, one in fields.items() if one is not None}
    gone = dict.fromkeys(fields.keys() - kept.keys(), "")
    after = mongo.database()["memberships"].find_one_and_update(
        {"conversation_id": conversation_id, "user_id": user_id},
        {name: change for name, change in (("$set", kept), ("$unset", gone)) if change},
        return_document=ReturnDocument.AFTER,
    )
    return None if after is None else from_bson(Membership, after)


def unmark(user_id: UserId) -> list[Membership]:
    """The person's seats that were marked unread, which are so no more."""
    marked = {"user_id": user_id, "marked_unread": True}
    found = [from_bson(Membership, one) for one in mongo.database()["memberships"].find(marked)]
    if found:
        mongo.database()["memberships"].update_many(marked, {"$unset": {"marked_unread": ""}})
    return [msgspec.structs.replace(one, marked_unread=None) for one in found]
