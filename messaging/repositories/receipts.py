"""Receipts: the cursors in `memberships` are the truth, `delivered_to` and `read_by` in `messages` say who and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pymongo import UpdateOne
from pymongo.client_session import ClientSession

from chatsite import mongo
from chatsite.mongo.client import DURABLE, MAJORITY
from chatsite.types import ObjectId, UserId

MEMBERS_WITH_NAMES = 256  # above that many members only the cursors are kept (PROTOCOL.md, "Receipts")
STRIDE = 1000  # messages that one transaction touches at most

Kind = Literal["delivered", "read"]
Mark = tuple[UserId, Kind]
ARRAYS: dict[Kind, str] = {"delivered": "delivered_to", "read": "read_by"}


@dataclass(frozen=True)
class Moved:
    """A cursor that went forward: `kind` of `user_id` is now `seq`."""

    user_id: UserId
    kind: Kind
    seq: int


def advance(conversation_id: ObjectId, head: int, marks: dict[Mark, int], at: datetime) -> list[Moved]:
    """Moves these people's cursors forward, never back and never past `head`, and enters them in the messages passed.

    Each person stands at most once in each array: the cursor and the entries move in one transaction, so what a cursor
    has passed is entered already. Who is not in the conversation is left out. Returns the cursors that moved.
    """
    moved: dict[Mark, int] = {}
    marks = {mark: min(seq, head) for mark, seq in marks.items()}
    while True:
        step = _transaction(conversation_id, marks, at)
        moved |= step
        marks = {mark: seq for mark, seq in marks.items() if mark in step and step[mark] < seq}
        if not marks:
            return [Moved(user, kind, seq) for (user, kind), seq in moved.items()]


def _transaction(conversation_id: ObjectId, marks: dict[Mark, int], at: datetime) -> dict[Mark, int]:
    def together(session: ClientSession) -> dict[Mark, int]:
        spans = _spans(conversation_id, marks, session)
        if spans:
            _enter(conversation_id, spans, at, session)
            _move(conversation_id, spans, session)
        return {mark: last for mark, (_first, last) in spans.items()}

    with mongo.client().start_session() as session:
        return session.with_transaction(together, read_concern=MAJORITY, write_concern=DURABLE)


def _spans(conversation_id: ObjectId, marks: dict[Mark, int], session: ClientSession) -> dict[Mark, tuple[int, int]]:
    """What each cursor passes now: (first, last) seq, at most STRIDE messages for all of them together."""
    people = list({user for user, _kind in marks})
    seats = mongo.database()["memberships"].find(
        {"conversation_id": conversation_id, "user_id": {"$in": people}},
        {"user_id": 1, "delivered_seq": 1, "read_seq": 1},
        session=session,
    )
    now = {one["user_id"]: one for one in seats}
    behind = {
        mark: (int(now[mark[0]][f"{mark[1]}_seq"]) + 1, seq)
        for mark, seq in marks.items()
        if mark[0] in now and now[mark[0]][f"{mark[1]}_seq"] < seq
    }
    if not behind:
        return {}
    limit = min(first for first, _last in behind.values()) + STRIDE - 1
    return {mark: (first, min(last, limit)) for mark, (first, last) in behind.items() if first <= limit}


def _enter(conversation_id: ObjectId, spans: dict[Mark, tuple[int, int]], at: datetime, session: ClientSession) -> None:
    """One `$push … $each` per message and array."""
    database = mongo.database()
    here = database["conversations"].find_one({"_id": conversation_id}, {"participants": 1}, session=session)
    if here is None or len(here["participants"]) > MEMBERS_WITH_NAMES:
        return
    first, last = min(one for one, _ in spans.values()), max(one for _, one in spans.values())
    passed = database["messages"].find(
        {"conversation_id": conversation_id, "seq": {"$gte": first, "$lte": last}},
        {"seq": 1, "sender_id": 1},
        session=session,
    )
    updates = []
    for message in passed:
        entries = _entries(message, spans, at)
        if entries:
            updates.append(UpdateOne({"conversation_id": conversation_id, "seq": message["seq"]}, {"$push": entries}))
    if updates:
        database["messages"].bulk_write(updates, ordered=False, session=session)


def _entries(message: dict[str, Any], spans: dict[Mark, tuple[int, int]], at: datetime) -> dict[str, Any]:
    who: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for (user, kind), (first, last) in spans.items():
        if first <= message["seq"] <= last and user != message["sender_id"]:
            who[ARRAYS[kind]].append({"user_id": user, "timestamp": at})
    return {array: {"$each": entries} for array, entries in who.items()}


def _move(conversation_id: ObjectId, spans: dict[Mark, tuple[int, int]], session: ClientSession) -> None:
    people: defaultdict[UserId, dict[str, int]] = defaultdict(dict)
    for (user, kind), (_first, last) in spans.items():
        people[user][f"{kind}_seq"] = last
    updates = [
        UpdateOne({"conversation_id": conversation_id, "user_id": user}, {"$max": cursors})
        for user, cursors in people.items()
    ]
    mongo.database()["memberships"].bulk_write(updates, ordered=False, session=session)
