"""One insert into the log, and what refused it: `seq`, `client_id` or the validator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pymongo.errors import BulkWriteError, OperationFailure

from chatsite import mongo
from chatsite.mongo.client import DURABLE, MAJORITY
from chatsite.mongo.codec import to_bson
from chatsite.types import ObjectId
from messaging.documents import Message
from messaging.repositories import messages
from messaging.repositories.drafts import Draft

DUPLICATE_KEY, NOT_VALID = 11000, 121  # MongoDB's codes
REFUSALS = {DUPLICATE_KEY, NOT_VALID}
Refusal = Literal["seq", "client_id", "validator"]


def insert(laid: Sequence[Message]) -> tuple[int, Refusal | None]:
    """Inserts in order up to the first refusal; returns how many are stored, and what refused the next one."""
    try:
        mongo.database()["messages"].insert_many([to_bson(one) for one in laid], ordered=True)
    except BulkWriteError as error:
        return _refusal(error)
    return len(laid), None


def append_after_head(here: ObjectId, drafts: Sequence[Draft]) -> tuple[list[Message], int, Refusal | None]:
    """Reads the head and appends after it, in one transaction: all of the drafts, or none. Returns what is stored, or
    which draft was refused by what. Where another was faster, that is `seq`, once more."""
    laid: list[Message] = []
    try:
        with mongo.client().start_session() as session, session.start_transaction(MAJORITY, DURABLE):
            head = messages.head(here, session)
            laid = [draft.at(head + number) for number, draft in enumerate(drafts, 1)]
            mongo.database()["messages"].insert_many([to_bson(one) for one in laid], session=session)
    except BulkWriteError as error:
        return [], *_refusal(error)
    except OperationFailure as error:
        if error.has_error_label("TransientTransactionError"):
            return [], 0, "seq"
        raise
    return laid, len(laid), None


def _refusal(error: BulkWriteError) -> tuple[int, Refusal]:
    """How many of an ordered insert were stored before it stopped, and what stopped it: seq, client_id or validator.

    Raises the error again when it was anything else, or when the majority did not confirm what was stored.
    """
    details = error.details or {}
    refusals = details.get("writeErrors", [])
    if len(refusals) != 1 or refusals[0].get("code") not in REFUSALS or details.get("writeConcernErrors"):
        raise error
    if refusals[0]["code"] == NOT_VALID:
        return int(refusals[0]["index"]), "validator"
    keys = refusals[0].get("keyPattern", {})
    return int(refusals[0]["index"]), "seq" if "seq" in keys else "client_id"
