from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta

from chatsite.mongo.spec import Document
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid

MessageKind = Literal["edited", "deleted", "reaction", "pinned", "previewed"]
ChangeKind = Literal[
    "created",
    "renamed",
    "described",
    "pictured",
    "published",
    "member_added",
    "member_joined",
    "member_removed",
    "member_left",
    "role_changed",
    "edited",
    "deleted",
    "reaction",
    "pinned",
    "previewed",
]

HAPPENINGS: frozenset[ChangeKind] = frozenset(get_args(ChangeKind)) - frozenset(get_args(MessageKind))
"""What is told between the messages: it has a place there."""


class Change(Document, frozen=True, kw_only=True):
    """One entry of a conversation's second log: what was changed, by whom. `rev` is dense from 1; never rewritten.

    `at_seq` is the message after which it happened; only of HAPPENINGS, and not of those that are older than the field.
    """

    conversation_id: ObjectId
    rev: Annotated[int, Meta(ge=1)]
    kind: ChangeKind
    actor_id: Uuid
    message_id: ObjectId | None = None
    op_id: Uuid | None = None
    details: dict[str, Any] = {}
    at_seq: Annotated[int, Meta(ge=0)] | None = None
    created_at: datetime
