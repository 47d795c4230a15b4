"""Stretches of the logs as search reads them: made from the log, and made anew whenever it says something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chatsite import mongo
from chatsite.mongo.codec import to_bson
from chatsite.types import ObjectId
from messaging.documents import BLOCK, Block
from messaging.repositories.messages import OLDEST_FIRST
from messaging.search import lines

DUPLICATE_KEY = 11000
AT_ONCE = 16  # blocks made with one question
TRIES = 20  # to write one block that others write too
HASTY = WriteConcern(w=1)  # for what can be made again from the log
READ = {
    "seq": 1,
    "sender_id": 1,
    "content": 1,
    "created_at": 1,
    "attachments.type": 1,
    "attachments.name": 1,
    "deleted_at": 1,
    "_id": 0,
}


def search_blocks() -> Collection[dict[str, Any]]:
    """As the primary has it now: whoever writes a block must not take it for missing."""
    return mongo.database().get_collection("search_blocks", write_concern=HASTY, read_concern=ReadConcern("local"))


def upto(ids: Sequence[ObjectId]) -> dict[ObjectId, int]:
    """How far each of these logs was taken in: 0 where nothing was."""
    newest: list[dict[str, Any]] = [
        {"$match": {"conversation_id": {"$in": list(ids)}}},
        {"$sort": {"conversation_id": -1, "upto": -1}},
        {"$group": {"_id": "$conversation_id", "upto": {"$first": "$upto"}}},
    ]
    found = {one["_id"]: int(one["upto"]) for one in search_blocks().aggregate(newest)} if ids else {}
    return {one: found.get(one, 0) for one in ids}


def bring_up(here: ObjectId) -> Iterator[int]:
    """Takes in what the log has beyond what was taken in. Yields how many messages, after each write.

    Always in order, so that nothing before `upto` is missing, whoever dies over it.
    """
    while True:
        last = upto([here])[here]
        batch = _read(here, last + 1, (last + 1) // BLOCK * BLOCK + AT_ONCE * BLOCK - 1)
        if not batch:
            return
        head = batch[-1]["seq"]
        first, *fresh = range((last + 1) // BLOCK, head // BLOCK + 1)
        rebuild(here, first)
        _insert([_made(here, number, batch) for number in fresh])
        yield head - last


def _insert(made: Sequence[Block]) -> None:
    """Of blocks nobody made yet; stops at the first that somebody did, and there the next round goes on."""
    try:
        if made:
            search_blocks().insert_many([to_bson(one) for one in made], ordered=True)
    except BulkWriteError as error:
        refused = (error.details or {}).get("writeErrors", [])
        if [one.get("code") for one in refused] != [DUPLICATE_KEY]:
            raise
        rebuild(made[refused[0]["index"]].conversation_id, made[refused[0]["index"]].number)


def rebuild(here: ObjectId, number: int) -> None:
    """Makes one block from the log as it is. What is touched meanwhile is made once more."""
    place = {"conversation_id": here, "number": number}
    for _ in range(TRIES):
        known = search_blocks().find_one(place, {"touched": 1})
        block = _made(here, number, _read(here, max(1, number * BLOCK), number * BLOCK + BLOCK - 1))
        if known is None:
            try:
                search_blocks().insert_one(to_bson(block))
            except DuplicateKeyError:  # somebody else made or touched it
                continue
            return
        wanted = {**to_bson(block), "_id": known["_id"], "touched": known["touched"]}
        unchanged = {**place, "touched": known["touched"], "upto": {"$lte": block.upto}}
        if search_blocks().replace_one(unchanged, wanted).matched_count:
            return


def touch(session: ClientSession, here: ObjectId, seq: int) -> None:
    """A message says something else now: in the same transaction, so that its block cannot miss it. One that is just
    being made for the first time finds out by this that it is too old."""
    place = {"conversation_id": here, "number": seq // BLOCK}
    empty = {name: value for name, value in to_bson(_made(here, seq // BLOCK, ())).items() if name not in place}
    empty.pop("touched")
    change = {"$inc": {"touched": 1}, "$set": {"stale": True}, "$setOnInsert": empty}
    mongo.database()["search_blocks"].update_one(place, change, upsert=True, session=session)


def mend(here: ObjectId | None = None) -> int:
    """Takes in the edits and deletions of one conversation, or of all. Returns how many blocks were made anew."""
    stale: dict[str, Any] = {"stale": True, "upto": {"$gt": 0}}
    if here is not None:
        stale["conversation_id"] = here
    found = search_blocks().find(stale, {"conversation_id": 1, "number": 1, "_id": 0}).to_list()
    for one in found:
        rebuild(one["conversation_id"], one["number"])
    return len(found)


def forget(*, everything: bool = False) -> int:
    """Deletes the blocks that were made in another way, or all. Returns how many.

    Some at a time: each has thousands of entries in the index, and no answer may take longer than a few seconds.
    """
    meant = {} if everything else {"version": {"$ne": lines.VERSION}}
    gone = 0
    while some := [one["_id"] for one in search_blocks().find(meant, {"_id": 1}, limit=AT_ONCE)]:
        gone += search_blocks().delete_many({"_id": {"$in": some}}).deleted_count
    return gone


def tail(here: ObjectId, after: int, most: int) -> Block:
    """The newest `most` messages after a `seq`, as a block that is not stored. `number` does not count them: the
    place of a message is told by `upto`, which is that of the last."""
    asked = {"conversation_id": here, "seq": {"$gt": after}}
    found = mongo.database()["messages"].find(asked, READ, sort=[("seq", -1)], limit=most).to_list()[::-1]
    return _block(here, 0, found, found[0]["seq"] if found else 0)


def _read(here: ObjectId, first: int, last: int) -> list[dict[str, Any]]:
    asked = {"conversation_id": here, "seq": {"$gte": first, "$lte": last}}
    return mongo.database()["messages"].find(asked, READ, sort=OLDEST_FIRST).to_list()


def _made(here: ObjectId, number: int, log: Sequence[dict[str, Any]]) -> Block:
    first = number * BLOCK
    return _block(here, number, [one for one in log if first <= one["seq"] < first + BLOCK], first)


def _block(here: ObjectId, number: int, log: Sequence[dict[str, Any]], first: int) -> Block:
    """The messages of a block; one that the log does not have (there is no number 0) leaves its place empty."""
    senders = list(dict.fromkeys(one["sender_id"] for one in log))
    places = {one: place for place, one in enumerate(senders)}
    count = log[-1]["seq"] - first + 1 if log else 0
    rows, times = [""] * count, [0] * count
    moments = [one["created_at"] for one in log]
    began = milliseconds(min(moments)) if moments else 0
    for one in log:
        text, place = lines.of_stored(one), one["seq"] - first
        rows[place] = text and text + lines.by(places[one["sender_id"]])
        times[place] = milliseconds(one["created_at"]) - began
    return Block(
        id=ObjectId(),
        conversation_id=here,
        number=number,
        version=lines.VERSION,
        upto=log[-1]["seq"] if log else 0,
        first_at=min(moments, default=None),
        last_at=max(moments, default=None),
        senders=senders,
        times=times,
        lines="\n".join(rows),
        terms=lines.terms(rows, senders),
    )


def milliseconds(moment: datetime) -> int:
    """Since 1970."""
    return round(moment.timestamp() * 1000)
