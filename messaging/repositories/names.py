"""`delivered_to` and `read_by`: who and when, in the messages themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pymongo import UpdateMany
from pymongo.client_session import ClientSession

from chatsite import mongo
from chatsite.mongo.codec import encoded
from chatsite.types import ObjectId, UserId

BY_SEQ = [("conversation_id", 1), ("seq", 1)]

Kind = Literal["delivered", "read"]
ARRAYS: dict[Kind, str] = {"delivered": "delivered_to", "read": "read_by"}


@dataclass(frozen=True, slots=True)
class Passage:
    """Someone got past the messages `first` … `last` of a conversation."""

    conversation_id: ObjectId
    user_id: UserId
    kind: Kind
    first: int
    last: int


def enter(
    passages: Sequence[Passage], blocks: Mapping[UserId, Collection[UserId]], at: datetime, session: ClientSession
) -> None:
    """Enters each of these people in the messages they passed: not in their own, nor in those of people they blocked.

    One update for all messages that the same people passed: of a long way there are few, whatever its length.
    """
    passed = _passed(passages)
    together: defaultdict[tuple[int, ...], list[ObjectId]] = defaultdict(list)
    for message in _messages(passages, session):
        sender = message["sender_id"]
        who = tuple(
            one
            for one in passed[message["conversation_id"]][message["seq"]]
            if (user := passages[one].user_id) != sender and sender not in blocks.get(user, ())
        )
        if who:
            together[who].append(message["_id"])
    # encoded once for all messages they go into: in a busy room that is most of what a flush costs here
    entries = {user: encoded({"user_id": user, "timestamp": at}) for user in {one.user_id for one in passages}}
    updates = [
        UpdateMany({"_id": {"$in": ids}}, {"$push": _pushed([passages[one] for one in who], entries)})
        for who, ids in together.items()
    ]
    if updates:
        mongo.database()["messages"].bulk_write(updates, ordered=False, session=session)


def last_before(conversation_id: ObjectId, user_id: UserId, kind: Kind, at: datetime, joined_seq: int) -> int:
    """The last message that had this person's name before `at`; `joined_seq` where none has. Walks down from the head,
    past all that was said since."""
    entered = {"$elemMatch": {"user_id": user_id, "timestamp": {"$lt": at}}}
    found = mongo.database()["messages"].find_one(
        {"conversation_id": conversation_id, "seq": {"$gt": joined_seq}, ARRAYS[kind]: entered},
        {"seq": 1},
        sort=[("seq", -1)],
        hint=BY_SEQ,
    )
    return joined_seq if found is None else int(found["seq"])


def _passed(passages: Sequence[Passage]) -> dict[ObjectId, dict[int, list[int]]]:
    """Who passed each message: places in `passages`, by conversation and seq."""
    found: defaultdict[ObjectId, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, one in enumerate(passages):
        here = found[one.conversation_id]
        for seq in range(one.first, one.last + 1):
            here[seq].append(place)
    return {conversation: dict(here) for conversation, here in found.items()}


def _messages(passages: Sequence[Passage], session: ClientSession) -> Iterable[dict[str, Any]]:
    stretches = [
        {"conversation_id": here, "seq": {"$gte": first, "$lte": last}} for here, first, last in _stretches(passages)
    ]
    if not stretches:
        return ()
    wanted = {"conversation_id": 1, "seq": 1, "sender_id": 1}
    return mongo.database()["messages"].find({"$or": stretches}, wanted, hint=BY_SEQ, session=session)


def _stretches(passages: Iterable[Passage]) -> list[tuple[ObjectId, int, int]]:
    """The parts of each conversation that somebody passed, none twice."""
    found: list[tuple[ObjectId, int, int]] = []
    for one in sorted(passages, key=lambda passage: (passage.conversation_id, passage.first)):
        here, first, last = found[-1] if found else (None, 0, 0)
        if here == one.conversation_id and one.first <= last + 1:
            found[-1] = (one.conversation_id, first, max(last, one.last))
        else:
            found.append((one.conversation_id, one.first, one.last))
    return found


def _pushed(passages: Iterable[Passage], entries: Mapping[UserId, Any]) -> dict[str, Any]:
    who: defaultdict[str, list[Any]] = defaultdict(list)
    for one in passages:
        who[ARRAYS[one.kind]].append(entries[one.user_id])
    return {array: {"$each": each} for array, each in who.items()}
