"""The second log of a conversation: what was changed, by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import NotFound
from chatsite.mongo.client import DURABLE, MAJORITY
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import HAPPENINGS, Change, ChangeKind, Conversation, Message, MessageKind
from messaging.repositories import blocks, conversations, messages, threads
from messaging.repositories.indexer import indexer

T = TypeVar("T")
Effect = Callable[[ClientSession], object]
REWORDS = ("edited", "deleted")
"""Changes after which a message is found by other words, or by none."""
BETWEEN_MAX = 200  # that are told between the messages of one page


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["message_changes"]


def record(
    conversation_id: ObjectId,
    kind: ChangeKind,
    actor_id: UserId,
    effect: Effect,
    details: dict[str, Any] | None = None,
    *,
    told: bool = True,
) -> tuple[Change, Conversation]:
    """One transaction: `effect`, the next `rev`, and the entry. Returns the entry and the conversation as it now is.
    What is not `told` has no place between the messages: it happened at another time than theirs.

    `effect` may run again when two changes meet: it must do nothing but write through its session.
    """

    def together(session: ClientSession) -> tuple[Change, Conversation]:
        effect(session)
        at_seq = messages.head(conversation_id, session) if told and kind in HAPPENINGS else None
        fields = {"kind": kind, "actor_id": actor_id, "details": details or {}, "at_seq": at_seq}
        return _enter(conversation_id, fields, session)

    return _transaction(together)


def amend(
    message: Message,
    kind: MessageKind,
    actor_id: UserId,
    op_id: str,
    details: dict[str, Any],
    update: Callable[[Message], dict[str, Any]],
    besides: Effect | None = None,
) -> tuple[Change, Message]:
    """One transaction: what `update` makes of the message (an update document), the next `rev`, and the entry.

    Returns the entry and the message as it now is. Repeating an `op_id` changes nothing and returns the first entry.
    `update` sees the message as it is inside the transaction, and may run again when two changes meet. So may
    `besides`, which is in the same transaction.
    """

    def together(session: ClientSession) -> tuple[Change, Message]:
        here = mongo.database()["messages"]
        place = {"conversation_id": message.conversation_id, "seq": message.seq}
        found = here.find_one(place, session=session)
        if found is None:
            raise NotFound("There is no such message.")
        wanted = update(from_bson(Message, found))
        stored = here.find_one_and_update(place, wanted, return_document=ReturnDocument.AFTER, session=session)
        after = from_bson(Message, stored or found)
        if besides is not None:
            besides(session)
        fields = {"kind": kind, "actor_id": actor_id, "details": details, "message_id": message.id, "op_id": op_id}
        change, conversation = _enter(message.conversation_id, fields, session)
        if conversation.last_seq <= message.seq:
            conversations.preview(session, after)
        if kind in REWORDS:
            blocks.touch(session, message.conversation_id, message.seq)
        if kind == "deleted" and after.thread_id is not None:
            threads.take_off(session, from_bson(Message, found), after.thread_id, change.rev)
        return change, after

    try:
        amended = _transaction(together)
    except DuplicateKeyError:
        earlier, now_is = by_op_id(message.conversation_id, actor_id, op_id), messages.by_id(message.id)
        if earlier is None or now_is is None:
            raise
        return earlier, now_is
    if kind in REWORDS:
        indexer.add([message.conversation_id])
    return amended


def by_op_id(conversation_id: ObjectId, actor_id: UserId, op_id: str) -> Change | None:
    """What an earlier try of the same operation entered."""
    found = _collection().find_one({"conversation_id": conversation_id, "actor_id": actor_id, "op_id": op_id})
    return None if found is None else from_bson(Change, found)


def edits(message_id: ObjectId) -> list[Change]:
    """The edits of a message, oldest first."""
    found = _collection().find({"message_id": message_id, "kind": "edited"}, sort=[("rev", 1)])
    return [from_bson(Change, one) for one in found]


def _enter(conversation_id: ObjectId, fields: dict[str, Any], session: ClientSession) -> tuple[Change, Conversation]:
    """Takes the next `rev` and writes the entry. Two transactions that meet here conflict, and one is run again."""
    moment, at_seq = now(), fields.get("at_seq")
    lined = {} if at_seq is None else {"lined_seq": at_seq}
    after = mongo.database()["conversations"].find_one_and_update(
        {"_id": conversation_id},
        {"$inc": {"last_rev": 1}, "$set": {"updated_at": moment, **lined}},
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if after is None:
        raise NotFound("There is no such conversation.")
    rev = after["last_rev"]
    change = Change(id=ObjectId(), conversation_id=conversation_id, rev=rev, created_at=moment, **fields)
    _collection().insert_one(to_bson(change), session=session)
    return change, from_bson(Conversation, after)


def _transaction(together: Callable[[ClientSession], T]) -> T:
    with mongo.client().start_session() as session:
        return session.with_transaction(together, read_concern=MAJORITY, write_concern=DURABLE)


def after(conversation_id: ObjectId, rev: int, limit: int) -> list[Change]:
    """The `limit` changes just after `rev`, oldest first."""
    asked = {"conversation_id": conversation_id, "rev": {"$gt": rev}}
    return [from_bson(Change, one) for one in _collection().find(asked, sort=[("rev", 1)], limit=limit)]


def between(conversation_id: ObjectId, first: int, last: int | None) -> list[Change]:
    """What happened after the messages `first` to `last` (None: and after), in order; of very many the latest."""
    place = {"$gte": first} if last is None else {"$gte": first, "$lte": last}
    asked = {"conversation_id": conversation_id, "at_seq": place}
    newest = [("at_seq", -1), ("rev", -1)]
    return [from_bson(Change, one) for one in _collection().find(asked, sort=newest, limit=BETWEEN_MAX)][::-1]
