"""Conversations and who sits in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError
from pymongo.write_concern import WriteConcern

from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import Conflict
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import ObjectId, UserId
from messaging import markup
from messaging.documents import PREVIEW_MAX, Conversation, Membership, Message, Role

DUPLICATE_KEY = 11000
RANKS: tuple[Role, ...] = ("owner", "admin", "member")
UNCONFIRMED = WriteConcern(w=1)  # for what can be repaired from the log


def _conversations() -> Collection[dict[str, Any]]:
    return mongo.database()["conversations"]


def _memberships() -> Collection[dict[str, Any]]:
    return mongo.database()["memberships"]


def by_id(conversation_id: ObjectId) -> Conversation | None:
    found = _conversations().find_one({"_id": conversation_id})
    return None if found is None else from_bson(Conversation, found)


def by_ids(ids: Iterable[ObjectId]) -> dict[ObjectId, Conversation]:
    wanted = list(ids)
    found = _conversations().find({"_id": {"$in": wanted}}) if wanted else ()
    return {one.id: one for one in (from_bson(Conversation, document) for document in found)}


def of_person(user_id: UserId) -> list[Conversation]:
    """A person's active conversations, those with the latest message first."""
    newest = [("last_message_at", -1), ("_id", -1)]
    found = _conversations().find({"participants": user_id, "is_active": True}, sort=newest)
    return [from_bson(Conversation, document) for document in found]


def all_ids(most: int) -> Iterator[list[ObjectId]]:
    """The ids of all conversations, `most` at a time."""
    last: dict[str, Any] = {}
    while found := [one["_id"] for one in _conversations().find(last, {"_id": 1}, sort=[("_id", 1)], limit=most)]:
        yield found
        last = {"_id": {"$gt": found[-1]}}


Position = tuple[datetime | None, ObjectId]
"""Where a page of conversations ended: the last one's `last_message_at` and id."""


def page_of_person(
    user_id: UserId, limit: int, after: Position | None, among: dict[str, Any], without: Iterable[UserId]
) -> list[Conversation]:
    """As `of_person`, the `limit` conversations after a position; without those that somebody else opened and nobody
    has written in, and without the private ones with these people. `among` narrows the ids, as a query does."""
    begun = [{"type": "group"}, {"last_seq": {"$gt": 0}}, {"created_by": user_id}]
    asked: dict[str, Any] = {"participants": user_id, "is_active": True, "$or": begun, "_id": among}
    if away := list(without):
        asked["$nor"] = [{"type": "private", "participants": {"$in": away}}]
    if after is not None:
        asked = {"$and": [asked, {"$or": beyond(after)}]}
    newest = [("last_message_at", -1), ("_id", -1)]
    return [from_bson(Conversation, one) for one in _conversations().find(asked, sort=newest, limit=limit)]


def beyond(after: Position) -> list[dict[str, Any]]:
    """What stands after a position: one of these holds."""
    at, last = after
    silent: dict[str, Any] = {"last_message_at": {"$exists": False}}
    if at is None:
        return [{**silent, "_id": {"$lt": last}}]
    return [{"last_message_at": {"$lt": at}}, {"last_message_at": at, "_id": {"$lt": last}}, silent]


def private_of(one: UserId, other: UserId) -> Conversation | None:
    """The private conversation of two people, if there is one."""
    found = _conversations().find_one({"pair": pair(one, other)})
    return None if found is None else from_bson(Conversation, found)


def pair(one: UserId, other: UserId) -> str:
    """What is unique about the private conversation of two people."""
    return ":".join(sorted((one, other)))


def share_group(one: UserId, other: UserId, *, public: bool = True) -> bool:
    """Whether there is an active group that both are in; `public` False: one that not everybody may join."""
    together: dict[str, Any] = {"participants": {"$all": [one, other]}, "type": "group", "is_active": True}
    together |= {} if public else {"public": {"$ne": True}}
    return _conversations().find_one(together, {"_id": 1}) is not None


def seat(conversation_id: ObjectId, user_id: UserId) -> Membership | None:
    found = _memberships().find_one({"conversation_id": conversation_id, "user_id": user_id})
    return None if found is None else from_bson(Membership, found)


def taken(seats: Iterable[tuple[ObjectId, UserId]]) -> set[tuple[ObjectId, UserId]]:
    """Those of these seats, each a conversation and a person, that there are. One query."""
    asked = set(seats)
    wanted = {"conversation_id": {"$in": [here for here, _ in asked]}, "user_id": {"$in": [who for _, who in asked]}}
    shown = {"conversation_id": 1, "user_id": 1, "_id": 0}  # what the index holds, so that no seat itself is read
    found = _memberships().find(wanted, shown) if asked else ()
    return asked & {(one["conversation_id"], one["user_id"]) for one in found}


def of_member(conversation_id: ObjectId, user_id: UserId) -> Conversation | None:
    """The conversation, as long as it is active and this person is in it."""
    found = _conversations().find_one({"_id": conversation_id, "participants": user_id, "is_active": True})
    return None if found is None else from_bson(Conversation, found)


def seats_of_person(user_id: UserId) -> dict[ObjectId, Membership]:
    found = _memberships().find({"user_id": user_id})
    return {one.conversation_id: one for one in (from_bson(Membership, document) for document in found)}


@dataclass(frozen=True, slots=True)
class Sketch:
    """As much of an active conversation as is asked for all the time. `pair` has both members of a private one."""

    id: ObjectId
    type: str
    pair: list[UserId]


def sketches(people: Sequence[UserId]) -> dict[UserId, list[Sketch]]:
    """The active conversations of each of these people, in two questions."""
    seated = {"user_id": 1, "conversation_id": 1, "_id": 0}  # what the index holds, so that no seat itself is read
    seats = list(_memberships().find({"user_id": {"$in": list(people)}}, seated))
    wanted = list({one["conversation_id"] for one in seats})
    shown = {"type": 1, "participants": {"$slice": 2}}
    found = {
        one["_id"]: Sketch(one["_id"], one["type"], one["participants"])
        for one in _conversations().find({"_id": {"$in": wanted}, "is_active": True}, shown)
    }
    theirs: dict[UserId, list[Sketch]] = {one: [] for one in people}
    for seat in seats:
        if seat["conversation_id"] in found:
            theirs[seat["user_id"]].append(found[seat["conversation_id"]])
    return theirs


def members(ids: Iterable[ObjectId], most: int | None = None) -> dict[ObjectId, list[UserId]]:
    """Who is in each of these conversations, as far as it has at most `most` members."""
    asked: dict[str, Any] = {"_id": {"$in": list(ids)}}
    if most is not None:
        asked[f"participants.{most}"] = {"$exists": False}
    return {one["_id"]: one["participants"] for one in _conversations().find(asked, {"participants": 1})}


def revs(ids: Sequence[ObjectId]) -> dict[ObjectId, int]:
    """The `rev` each of these conversations is at."""
    return {
        one["_id"]: int(one["last_rev"]) for one in _conversations().find({"_id": {"$in": list(ids)}}, {"last_rev": 1})
    }


def seats(conversation_id: ObjectId) -> list[Membership]:
    """Everyone's, without what is each one's alone."""
    kept = {"draft": 0, "scheduled": 0}
    found = _memberships().find({"conversation_id": conversation_id}, kept, sort=[("joined_at", 1), ("_id", 1)])
    return [from_bson(Membership, document) for document in found]


def open_private(pair: str, fresh: Conversation, both: Sequence[Membership]) -> tuple[Conversation, bool]:
    """The conversation of a pair, made when it is not there. True when this call made it.

    The unique index on `pair` decides when both start at once; the seats are written so that repeating is harmless,
    and before anyone is answered, because whoever lost the race must find them too.
    """
    found = _conversations().find_one({"pair": pair})
    created = False
    if found is None:
        try:
            _conversations().insert_one(to_bson(fresh))
            found, created = to_bson(fresh), True
        except DuplicateKeyError:
            found = _conversations().find_one({"pair": pair})
    conversation = from_bson(Conversation, found or to_bson(fresh))
    _ensure_seats(conversation.id, both)
    return conversation, created


def _ensure_seats(conversation_id: ObjectId, both: Sequence[Membership]) -> None:
    for one in both:
        where = {"conversation_id": conversation_id, "user_id": one.user_id}
        laid = {name: value for name, value in to_bson(one).items() if name not in where}
        laid["_id"] = ObjectId()
        try:
            _memberships().update_one(where, {"$setOnInsert": laid}, upsert=True)
        except DuplicateKeyError:  # the other side made it in the same moment: it is there, which is all we want
            continue


def insert(session: ClientSession, conversation: Conversation, all_seats: Sequence[Membership]) -> None:
    _conversations().insert_one(to_bson(conversation), session=session)
    if all_seats:
        _memberships().insert_many([to_bson(one) for one in all_seats], session=session)


def rename(session: ClientSession, conversation_id: ObjectId, name: str) -> None:
    _conversations().update_one({"_id": conversation_id}, {"$set": {"name": name}}, session=session)


def add_seats(session: ClientSession, conversation_id: ObjectId, fresh: Sequence[Membership]) -> None:
    try:
        _memberships().insert_many([to_bson(one) for one in fresh], session=session)
    except BulkWriteError as error:
        if any(one.get("code") == DUPLICATE_KEY for one in (error.details or {}).get("writeErrors", ())):
            raise Conflict("Someone else is adding the same people. Look again.") from None
        raise
    ids = [one.user_id for one in fresh]
    people = {"$addToSet": {"participants": {"$each": ids}}, "$pull": {"removed": {"$in": ids}}}
    _conversations().update_one({"_id": conversation_id}, people, session=session)


def remove_seat(session: ClientSession, conversation_id: ObjectId, user_id: UserId) -> bool:
    """Takes the seat away, and passes the group on where it was its owner's. False when there was none."""
    gone = _memberships().delete_one({"conversation_id": conversation_id, "user_id": user_id}, session=session)
    _conversations().update_one({"_id": conversation_id}, {"$pull": {"participants": user_id}}, session=session)
    _keep_an_owner(session, conversation_id)
    return gone.deleted_count == 1


def empty_seat(session: ClientSession, conversation_id: ObjectId, user_id: UserId) -> None:
    """As `remove_seat`, of a private conversation: the other one keeps it, and it has no owner."""
    _memberships().delete_one({"conversation_id": conversation_id, "user_id": user_id}, session=session)
    _conversations().update_one({"_id": conversation_id}, {"$pull": {"participants": user_id}}, session=session)


def _keep_an_owner(session: ClientSession, conversation_id: ObjectId) -> None:
    """The longest-serving admin, else member, becomes the owner where there is none left; an empty group is closed."""
    found = _memberships().find(
        {"conversation_id": conversation_id}, sort=[("joined_at", 1), ("_id", 1)], session=session
    )
    left = sorted((one for one in found), key=lambda one: RANKS.index(one["role"]))
    if not left:
        _conversations().update_one({"_id": conversation_id}, {"$set": {"is_active": False}}, session=session)
    elif left[0]["role"] != "owner":
        _memberships().update_one({"_id": left[0]["_id"]}, {"$set": {"role": "owner"}}, session=session)


def set_roles(session: ClientSession, conversation_id: ObjectId, roles: dict[UserId, Role]) -> None:
    for user_id, role in roles.items():
        where = {"conversation_id": conversation_id, "user_id": user_id}
        _memberships().update_one(where, {"$set": {"role": role}}, session=session)


def project(newest: Iterable[Message], concern: WriteConcern = UNCONFIRMED) -> None:
    """Brings `last_*` up to the newest message of each conversation. A projection: the log stays the truth.

    Written without waiting for the majority, and never backwards: the filter lets only a higher `seq` through.
    """
    updates = [
        UpdateOne(
            {"_id": one.conversation_id, "last_seq": {"$lt": one.seq}},
            {"$set": {**_projection(one), "updated_at": now()}},
        )
        for one in newest
    ]
    if updates:
        _conversations().with_options(write_concern=concern).bulk_write(updates, ordered=False)


def preview(session: ClientSession, newest: Message) -> None:
    """The newest message says something else now: so does the preview.

    Also when the projection of that message is still to come, from whichever process: it lets a `seq` through only
    once, and would bring back what was taken away.
    """
    _conversations().update_one(
        {"_id": newest.conversation_id, "last_seq": {"$lte": newest.seq}},
        {"$set": _projection(newest)},
        session=session,
    )


def previewed(conversation: Conversation, shown: Message | None) -> Conversation:
    """The conversation with the beginning of this message, or of none, as its preview."""
    text = markup.preview(shown.content, shown.file_names, PREVIEW_MAX) if shown else ""
    return msgspec.structs.replace(conversation, last_message_preview=text)


def projected(conversation: Conversation, newest: Message) -> Conversation:
    """The conversation as `project` will leave it."""
    return msgspec.structs.replace(conversation, **_projection(newest))


def _projection(newest: Message) -> dict[str, Any]:
    return {
        "last_seq": newest.seq,
        "last_message_at": newest.created_at,
        "last_sender_id": newest.sender_id,
        "last_message_preview": markup.preview(newest.content, newest.file_names, PREVIEW_MAX),
    }
