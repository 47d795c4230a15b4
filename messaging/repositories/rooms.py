"""Groups that anyone may join, coming in by oneself, and how a group looks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from chatsite import mongo
from chatsite.errors import Conflict
from chatsite.mongo.codec import from_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Conversation, Membership
from messaging.repositories import conversations
from messaging.repositories.changes import Effect
from messaging.repositories.conversations import Position

OPEN = {"public": True, "is_active": True}


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["conversations"]


def public(conversation_id: ObjectId) -> Conversation | None:
    """The group, as long as anyone may join it."""
    found = _collection().find_one({"_id": conversation_id, **OPEN})
    return None if found is None else from_bson(Conversation, found)


def page(search: str, limit: int, after: Position | None) -> list[Conversation]:
    """Those that anyone may join, with the latest message first; `search` is in their name or what they say of
    themselves, in any letter case."""
    asked: dict[str, Any] = dict(OPEN)
    if search:
        part = {"$regex": re.escape(search), "$options": "i"}
        asked["$or"] = [{"name": part}, {"description": part}]
    if after is not None:
        asked = {"$and": [asked, {"$or": conversations.beyond(after)}]}
    newest = [("last_message_at", -1), ("_id", -1)]
    return [from_bson(Conversation, one) for one in _collection().find(asked, sort=newest, limit=limit)]


def look(session: ClientSession, conversation_id: ObjectId, fields: Mapping[str, str | bool | None]) -> None:
    """Sets these fields of a group, and takes away those that are None."""
    kept = {name: one for name, one in fields.items() if one is not None}
    gone = dict.fromkeys(fields.keys() - kept.keys(), "")
    changes = {name: change for name, change in (("$set", kept), ("$unset", gone)) if change}
    _collection().update_one({"_id": conversation_id}, changes, session=session)


def admit(
    session: ClientSession, seat: Membership, most: int, only_where: Mapping[str, object], besides: Effect
) -> None:
    """Lets somebody in by themselves, if there are fewer than `most`, nobody removed them and the group is as
    `only_where` says, and does what goes with it. Raises Conflict where it is otherwise, or they are in it already."""
    here = {"_id": seat.conversation_id, "is_active": True, "removed": {"$ne": seat.user_id}}
    room = {f"participants.{most - 1}": {"$exists": False}, "participants": {"$ne": seat.user_id}}
    if _collection().find_one({**here, **room, **only_where}, {"_id": 1}, session=session) is None:
        raise Conflict("The group is another one now. Look again.")
    conversations.add_seats(session, seat.conversation_id, [seat])
    besides(session)


def shut_out(session: ClientSession, conversation_id: ObjectId, user_id: UserId) -> None:
    """Takes somebody's seat away, who does not come back by themselves."""
    conversations.remove_seat(session, conversation_id, user_id)
    _collection().update_one({"_id": conversation_id}, {"$addToSet": {"removed": user_id}}, session=session)
