"""The second log of a conversation: what was changed, by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import NotFound
from chatsite.mongo.client import DURABLE, MAJORITY
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import ObjectId, UserId
from messaging.documents import Change, ChangeKind, Conversation


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["message_changes"]


def record(
    conversation_id: ObjectId,
    kind: ChangeKind,
    actor_id: UserId,
    effect: Callable[[ClientSession], object],
    details: dict[str, Any] | None = None,
) -> tuple[Change, Conversation]:
    """One transaction: `effect`, the next `rev`, and the entry. Returns the entry and the conversation as it now is.

    `effect` may run again when two changes meet: it must do nothing but write through its session.
    """

    def together(session: ClientSession) -> tuple[Change, Conversation]:
        effect(session)
        moment = now()
        after = mongo.database()["conversations"].find_one_and_update(
            {"_id": conversation_id},
            {"$inc": {"last_rev": 1}, "$set": {"updated_at": moment}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if after is None:
            raise NotFound("There is no such conversation.")
        change = Change(
            id=ObjectId(),
            conversation_id=conversation_id,
            rev=after["last_rev"],
            kind=kind,
            actor_id=actor_id,
            details=details or {},
            created_at=moment,
        )
        _collection().insert_one(to_bson(change), session=session)
        return change, from_bson(Conversation, after)

    with mongo.client().start_session() as session:
        return session.with_transaction(together, read_concern=MAJORITY, write_concern=DURABLE)


def after(conversation_id: ObjectId, rev: int, limit: int) -> list[Change]:
    """The `limit` changes just after `rev`, oldest first."""
    asked = {"conversation_id": conversation_id, "rev": {"$gt": rev}}
    return [from_bson(Change, one) for one in _collection().find(asked, sort=[("rev", 1)], limit=limit)]
