"""A long conversation, written at once: a million messages in a minute. Documents as the log's writer stores them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from pymongo.write_concern import WriteConcern

from chatsite import mongo
from chatsite.clock import now
from chatsite.management.bench import speech
from chatsite.mongo.client import DURABLE
from chatsite.mongo.codec import to_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Message, Receipt
from messaging.repositories import conversations, messages

BATCH = 1000  # messages in one insert
AT_ONCE = 2  # inserts: one is made while the other is stored
APART = timedelta(seconds=1)
CLIENT_ID = "00000000-0000-4000-8000-{:012x}"


def fill(here: ObjectId, both: tuple[UserId, UserId], count: int) -> None:
    """The first `count` messages of a private conversation, in turns, each delivered and read.

    For an empty log that nobody writes to. The seats' cursors stay where they are.
    """
    if not count:
        return
    log = mongo.database()["messages"]
    hasty = log.with_options(write_concern=WriteConcern(w=1))
    *firsts, last = range(1, count + 1, BATCH)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(lambda first: hasty.insert_many(_batch(here, both, first, count), ordered=False), firsts):
            pass
    log.insert_many(_batch(here, both, last, count), ordered=False)  # once this holds, so do those before it
    newest = messages.one(here, count)
    assert newest is not None
    conversations.project([newest], DURABLE)


def _batch(here: ObjectId, both: tuple[UserId, UserId], first: int, count: int) -> list[dict[str, Any]]:
    return list(_documents(here, both, range(first, min(first + BATCH, count + 1)), count))


def _documents(here: ObjectId, both: tuple[UserId, UserId], places: range, count: int) -> Iterator[dict[str, Any]]:
    forms, newest = [_form(here, *both), _form(here, *both[::-1])], now()
    for seq in places:
        at = newest - (count - seq) * APART
        fresh = {"_id": ObjectId(), "seq": seq, "client_id": CLIENT_ID.format(seq), "created_at": at, "updated_at": at}
        yield {**forms[seq % 2], **fresh, "content": speech.said(seq, count)}


def _form(here: ObjectId, sender: UserId, reader: UserId) -> dict[str, Any]:
    """What all messages of one of the two have in common. Made once: making a struct of each takes longer than
    storing it."""
    receipts, moment = [Receipt(user_id=reader, timestamp=now())], now()
    return to_bson(  # type: ignore[no-any-return]
        Message(
            id=ObjectId(),
            conversation_id=here,
            seq=1,
            client_id=CLIENT_ID.format(0),
            sender_id=sender,
            content=" ",
            created_at=moment,
            updated_at=moment,
            delivered_to=receipts,
            read_by=receipts,
        )
    )
