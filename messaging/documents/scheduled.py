from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from chatsite.mongo.spec import Document
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid
from messaging.documents.message import CONTENT_MAX, FILES_MAX

ScheduledState = Literal["waiting", "sending", "failed"]


class Scheduled(Document, frozen=True, kw_only=True):
    """A message that goes out at its time, as its sender. It is deleted when it is in the log.

    `client_id` is made when it is scheduled: however often it is tried, the log takes it once. It is "sending" from
    `tried_at` on, and then cannot be changed; from who died over it somebody else takes over. `problem` says in words
    why it "failed".
    """

    user_id: Uuid
    conversation_id: ObjectId
    client_id: Uuid
    content: Annotated[str, Meta(max_length=CONTENT_MAX)]
    reply_to: ObjectId | None = None
    files: Annotated[list[ObjectId], Meta(max_length=FILES_MAX)] = []
    due_at: datetime
    state: ScheduledState = "waiting"
    tried_at: datetime | None = None
    problem: Annotated[str, Meta(max_length=500)] | None = None
    created_at: datetime
    updated_at: datetime
