"""Threads: replies to one message, which are messages of the same log, and what the message itself shows of them.

What it shows is counted from the log, behind it. `thread.seq` and `thread.rev` say how far: whoever counts on writes
only where they stand as they were read, and each deletion of a reply moves `rev`, in its own transaction, also where
that reply is not counted yet. So two who count at once, or one who counts while a reply is deleted, get in each other's
way instead of each other's numbers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from chatsite import mongo
from chatsite.errors import Unavailable
from chatsite.mongo.codec import all_from_bson, from_bson, to_bson
from chatsite.types import ObjectId
from messaging.documents import Message, Thread

FACES = 3  # of those who replied last
LOOKED_AT = 50  # newest replies among which they are found
TRIES, PAUSE = 20, 0.01  # times, seconds: another's write is confirmed within milliseconds
THERE = {"deleted_at": {"$exists": False}}
NOTHING = Thread(count=0, seq=0, rev=0)
Place = tuple[ObjectId, ObjectId]
"""A conversation, and the message that begins a thread in it."""


def _messages() -> Collection[dict[str, Any]]:
    return mongo.database()["messages"]


def before(here: ObjectId, root: ObjectId, seq: int | None, limit: int) -> list[Message]:
    """The `limit` replies just before `seq` (None: the newest), oldest first."""
    asked = _replies(here, root) if seq is None else _replies(here, root, {"$lt": seq})
    return all_from_bson(Message, _messages().find(asked, sort=[("seq", -1)], limit=limit).to_list())[::-1]


def after(here: ObjectId, root: ObjectId, seq: int, limit: int) -> list[Message]:
    """The `limit` replies just after `seq`, oldest first."""
    asked = _replies(here, root, {"$gt": seq})
    return all_from_bson(Message, _messages().find(asked, sort=[("seq", 1)], limit=limit).to_list())


def senders(here: ObjectId, roots: Sequence[ObjectId]) -> dict[ObjectId, set[str]]:
    """Who has written in each of these threads, what was deleted aside."""
    asked = {"conversation_id": here, "thread_id": {"$in": list(roots)}, **THERE}
    grouped = {"_id": "$thread_id", "who": {"$addToSet": "$sender_id"}}
    return {one["_id"]: set(one["who"]) for one in _messages().aggregate([{"$match": asked}, {"$group": grouped}])}


def bring_up(here: ObjectId, root: ObjectId, *, anew: bool = False) -> None:
    """Counts at the root what was replied since it was last counted, or all of it `anew`. Raises Unavailable where
    others are always faster."""
    for _ in range(TRIES):
        found = _messages().find_one({"_id": root, "conversation_id": here}, {"thread": 1})
        known = _known(found)
        counted = _counted(here, root, NOTHING if anew else known)
        if found is None or counted is None:
            return
        wanted = Thread(
            count=counted["count"] + (0 if anew else known.count),
            seq=max(known.seq, counted["seq"]),
            rev=known.rev,
            **_latest(here, root, counted["seq"]),
        )
        if _replace(here, root, known if "thread" in found else None, wanted):
            return
        time.sleep(PAUSE)
    raise Unavailable("The replies of a thread could not be counted.")


def take_off(session: ClientSession, reply: Message, root: ObjectId, rev: int) -> None:
    """A reply, as it was before, is deleted by the change `rev`."""
    here = reply.conversation_id
    found = _messages().find_one({"_id": root, "conversation_id": here}, {"thread": 1}, session=session)
    known = _known(found)
    counted = reply.deleted_at is None and reply.seq <= known.seq
    wanted = Thread(
        count=known.count - counted, seq=known.seq, rev=rev, **_latest(here, root, known.seq, session=session)
    )
    place = {"_id": root, "conversation_id": here}
    _messages().update_one(place, {"$set": {"thread": to_bson(wanted)}}, session=session)


def lagging(since: datetime) -> Iterator[Place]:
    """The threads that have grown since a moment and whose roots may not know it."""
    grown = {"_id": {"$gt": ObjectId.from_datetime(since)}, "thread_id": {"$exists": True}}
    grouped = {"_id": {"here": "$conversation_id", "root": "$thread_id"}}
    for one in _messages().aggregate([{"$match": grown}, {"$group": grouped}]):
        yield one["_id"]["here"], one["_id"]["root"]


def _replies(here: ObjectId, root: ObjectId, seq: dict[str, int] | None = None) -> dict[str, Any]:
    asked: dict[str, Any] = {"conversation_id": here, "thread_id": root}
    return asked if seq is None else {**asked, "seq": seq}


def _known(root: dict[str, Any] | None) -> Thread:
    return from_bson(Thread, root["thread"]) if root and "thread" in root else NOTHING


def _counted(here: ObjectId, root: ObjectId, known: Thread) -> dict[str, int] | None:
    """How many replies there are beyond what is known, and how far they go; None where there are none."""
    there = {"$sum": {"$cond": [{"$ifNull": ["$deleted_at", False]}, 0, 1]}}
    grouped = {"_id": None, "count": there, "seq": {"$max": "$seq"}}
    asked = _replies(here, root, {"$gt": known.seq})
    return next(iter(_messages().aggregate([{"$match": asked}, {"$group": grouped}])), None)


def _latest(here: ObjectId, root: ObjectId, seq: int, session: ClientSession | None = None) -> dict[str, Any]:
    """When the newest reply up to `seq` was sent, and who wrote the newest."""
    asked, shown = {**_replies(here, root, {"$lte": seq}), **THERE}, {"sender_id": 1, "created_at": 1, "_id": 0}
    newest = [("seq", -1)]
    found = _messages().find(asked, shown, sort=newest, limit=LOOKED_AT, session=session).to_list()
    return {"last_at": found[0]["created_at"] if found else None, "user_ids": faces(one["sender_id"] for one in found)}


def faces(newest_first: Iterable[str]) -> list[str]:
    """The first few different ones."""
    return list(dict.fromkeys(newest_first))[:FACES]


def _replace(here: ObjectId, root: ObjectId, known: Thread | None, wanted: Thread) -> bool:
    """False where it is not as it was known any more."""
    stands = {"thread": {"$exists": False}} if known is None else {"thread.seq": known.seq, "thread.rev": known.rev}
    place = {"_id": root, "conversation_id": here, **stands}
    return _messages().update_one(place, {"$set": {"thread": to_bson(wanted)}}).matched_count == 1
