"""Which life of the log this is: a client that knows another one starts over."""

from __future__ import annotations

import time
from uuid import uuid4

from chatsite import mongo
from chatsite.clock import now
from chatsite.types import ObjectId

FIRST = ObjectId("0" * 24)
BELIEVED = 30.0  # seconds

_known: tuple[float, str] = (0.0, "")


def known() -> str | None:
    """The newest epoch as far as it was read within the last 30 s, else None. Asks no database."""
    until, epoch = _known
    return epoch if time.monotonic() < until else None


def current() -> str:
    """The newest epoch, made at first use; at most 30 s old."""
    global _known
    found = known()
    if found is None:
        found = _read()
        _known = (time.monotonic() + BELIEVED, found)
    return found


def _read() -> str:
    epochs = mongo.database()["epochs"]
    newest = epochs.find_one(sort=[("_id", -1)])
    if newest is None:
        first = {"epoch": uuid4().hex, "created_at": now()}
        epochs.update_one({"_id": FIRST}, {"$setOnInsert": first}, upsert=True)
        newest = epochs.find_one(sort=[("_id", -1)])
    return str(newest["epoch"]) if newest else ""
