from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from chatsite.mongo.spec import Document
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid

MessageKind = Literal["edited", "deleted", "reaction", "pinned"]
ChangeKind = Literal[
    "created",
    "renamed",
    "member_added",
    "member_removed",
    "member_left",
    "role_changed",
    "edited",
    "deleted",
    "reaction",
    "pinned",
]


class Change(Document, frozen=True, kw_only=True):
    """One entry of a conversation's second log: what was changed, by whom. `rev` is dense from 1; never rewritten."""

    conversation_id: ObjectId
    rev: Annotated[int, Meta(ge=1)]
    kind: ChangeKind
    actor_id: Uuid
    message_id: ObjectId | None = None
    op_id: Uuid | None = None
    details: dict[str, Any] = {}
    created_at: datetime
