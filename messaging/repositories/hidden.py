"""Messages that somebody has deleted for themself only: the message names them, and their seat how far that goes."""

from __future__ import annotations

from chatsite import mongo
from chatsite.mongo.codec import from_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Message
from messaging.repositories.messages import NEWEST_FIRST


def hide(message: Message, user_id: UserId, on: bool) -> bool:
    """Hides a message from this person, or shows it again. Returns whether that changed anything.

    The seat first, and it never goes back: it only says up to where one must look.
    """
    seat = {"conversation_id": message.conversation_id, "user_id": user_id}
    if on:
        mongo.database()["memberships"].update_one(seat, {"$max": {"hidden_seq": message.seq}})
    update = {"$addToSet": {"hidden_for": user_id}} if on else {"$pull": {"hidden_for": user_id}}
    return mongo.database()["messages"].update_one({"_id": message.id}, update).modified_count == 1


def newest_shown(here: ObjectId, user_id: UserId) -> Message | None:
    """The newest message that this person has not hidden."""
    asked = {"conversation_id": here, "hidden_for": {"$ne": user_id}}
    found = mongo.database()["messages"].find_one(asked, sort=NEWEST_FIRST)
    return None if found is None else from_bson(Message, found)


def seqs(here: ObjectId, user_id: UserId, first: int, last: int) -> list[int]:
    """Which messages from `first` to `last` this person has hidden."""
    asked = {"conversation_id": here, "seq": {"$gte": first, "$lte": last}, "hidden_for": user_id}
    return [one["seq"] for one in mongo.database()["messages"].find(asked, {"seq": 1, "_id": 0})]
