"""Links into groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from chatsite import mongo
from chatsite.errors import Forbidden
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import ObjectId
from messaging.documents import Invite


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["invites"]


def insert(fresh: Invite) -> None:
    _collection().insert_one(to_bson(fresh))


def by_token(token: str) -> Invite | None:
    found = _collection().find_one({"token": token})
    return None if found is None else from_bson(Invite, found)


def of_group(conversation_id: ObjectId, limit: int) -> list[Invite]:
    """The links into a group that were not withdrawn, the newest first."""
    asked = {"conversation_id": conversation_id, "revoked_at": {"$exists": False}}
    found = _collection().find(asked, sort=[("created_at", -1)], limit=limit)
    return [from_bson(Invite, one) for one in found]


def revoke(conversation_id: ObjectId, invite_id: ObjectId, at: datetime) -> bool:
    """Whether there was such a link that had not been withdrawn."""
    wanted = {"_id": invite_id, "conversation_id": conversation_id, "revoked_at": {"$exists": False}}
    return _collection().update_one(wanted, {"$set": {"revoked_at": at}}).modified_count == 1


def use(session: ClientSession, invite: Invite, at: datetime) -> None:
    """Counts one more person. Raises Forbidden where it ended meanwhile, or others were first."""
    wanted: dict[str, Any] = {"_id": invite.id, "revoked_at": {"$exists": False}}
    if invite.expires_at is not None:
        wanted["expires_at"] = {"$gt": at}
    if invite.uses_max is not None:
        wanted["uses"] = {"$lt": invite.uses_max}
    if _collection().update_one(wanted, {"$inc": {"uses": 1}}, session=session).modified_count != 1:
        raise Forbidden("This link has just been used up.")
