"""What pages said of themselves, for as long as a message shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from chatsite import mongo
from chatsite.mongo.codec import from_bson, to_bson
from chatsite.types import ObjectId
from messaging.documents import LinkCard


def _collection() -> Collection[dict[str, Any]]:
    return mongo.database()["link_cards"]


def newest(url: str) -> LinkCard | None:
    """What is known of the page at this address, from when it was fetched last."""
    found = _collection().find_one({"url": url}, sort=[("fetched_at", -1)])
    return None if found is None else from_bson(LinkCard, found)


def insert(card: LinkCard) -> None:
    _collection().insert_one(to_bson(card))


def untouched(before: datetime, limit: int) -> Iterator[LinkCard]:
    """Up to `limit` of those that were not looked at since, the longest first."""
    found = _collection().find({"looked_at": {"$lt": before}}, sort=[("looked_at", 1)], limit=limit)
    yield from (from_bson(LinkCard, one) for one in found.to_list())


def is_shown(card_id: ObjectId) -> bool:
    """Whether any message shows it."""
    return mongo.database()["messages"].find_one({"previews.id": card_id}, {"_id": 1}) is not None


def looked_at(card_id: ObjectId, moment: datetime) -> None:
    _collection().update_one({"_id": card_id}, {"$set": {"looked_at": moment}})


def delete(card_id: ObjectId) -> None:
    _collection().delete_one({"_id": card_id})
