from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chatsite.mongo.spec import Document
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid

BLOCK = 256  # messages


class Block(Document, frozen=True, kw_only=True):
    """A stretch of a conversation's log as search reads it: the message `number * BLOCK + place` is the line `place`. A
    projection: it is made anew from the log whenever it is lost or of another `version`.

    A line has the words of the message (messaging/search/words.py) and its marks; it is empty where the message is
    deleted. `times` are in milliseconds since `first_at`: nearly always small numbers, which are read ten times as fast
    as large ones. `senders` are all who wrote; a line names its own by place there.
    `terms` are what the lines are found by, or only "*" where there would be too many.

    Up to `upto` the log was read. `touched` counts the edits and deletions of messages in it; after one that it has not
    taken in yet it is `stale`.
    """

    conversation_id: ObjectId
    number: Annotated[int, Meta(ge=0)]
    version: Annotated[int, Meta(ge=0)]
    upto: Annotated[int, Meta(ge=0)]
    touched: Annotated[int, Meta(ge=0)] = 0
    stale: bool | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    senders: list[Uuid] = []
    times: list[int] = []
    lines: str = ""
    terms: list[str] = []
