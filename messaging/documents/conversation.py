from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta

from chatsite.mongo.spec import Document, Part, written_as
from chatsite.types import ObjectId

NAME_MAX = 100  # characters
PREVIEW_MAX = 140  # characters
DESCRIPTION_MAX = 500  # characters
DRAFT_MAX = 20_000  # characters: what is too long to send may still be shortened on another device

Uuid = Annotated[str, written_as("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Kind = Literal["private", "group"]
Role = Literal["owner", "admin", "member"]
Pending = Literal["waiting", "declined"]
Level = Literal["all", "mentions", "nothing"]
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)  # until somebody thinks otherwise


class Conversation(Document, frozen=True, kw_only=True):
    """Who talks together. `last_*` are projections of the log: they may lag and can be repaired from it.

    `pair` is "<lower user id>:<higher user id>" of a private conversation: unique, so one pair has one conversation.
    A group that is `public` is found and joined by anyone, but by those who were `removed` from it. `lined_seq` is the
    `at_seq` of the latest change that stands between the messages: a page that begins behind it needs no look.
    """

    type: Kind
    participants: list[Uuid]
    name: Annotated[str, Meta(max_length=NAME_MAX)] | None = None
    created_by: Uuid
    created_at: datetime
    updated_at: datetime
    last_message_at: datetime | None = None
    last_message_preview: Annotated[str, Meta(max_length=PREVIEW_MAX)] | None = None
    last_sender_id: Uuid | None = None
    is_active: bool = True
    last_seq: Annotated[int, Meta(ge=0)] = 0
    last_rev: Annotated[int, Meta(ge=0)] = 0
    pair: Annotated[str, Meta(max_length=73)] | None = None
    description: Annotated[str, Meta(max_length=DESCRIPTION_MAX)] | None = None
    avatar_url: Annotated[str, Meta(max_length=255)] | None = None
    public: bool | None = None
    removed: list[Uuid] | None = None
    lined_seq: Annotated[int, Meta(ge=0)] | None = None


class SeatDraft(Part, frozen=True, kw_only=True):
    """What somebody has begun to write, and what it answers. It is theirs alone."""

    text: Annotated[str, Meta(max_length=DRAFT_MAX)]
    reply_to: ObjectId | None = None
    updated_at: datetime


class Membership(Document, frozen=True, kw_only=True):
    """One person's seat in one conversation. `joined_seq` is the head when they came: they were there for later ones.

    `delivered_seq` and `read_seq` are the truth of receipts: monotonic, everything up to and including. `shown_…` is
    how much of it others may know, where that is less: what was passed in private mode. None: as much.

    `request` is what became of a stranger's message to this person, in a private conversation: it is `waiting` for a
    yes, or was `declined`. None: there is a yes, or nobody had to ask.

    The rest is how they arranged it for themself, on all their devices: silent until `muted_until`, told of as much as
    `level` says (None: all), on top since `pinned_at`, out of the list as long as nothing comes after `archived_seq`,
    and `marked_unread` until they read here again. `hidden_seq` is the highest message they ever deleted for themself.

    `draft` and `scheduled`, how many messages of theirs wait here for their time, are this person's alone. The second
    is counted from `scheduled_messages` and can be repaired from there.
    """

    conversation_id: ObjectId
    user_id: Uuid
    role: Role
    joined_seq: Annotated[int, Meta(ge=0)] = 0
    delivered_seq: Annotated[int, Meta(ge=0)] = 0
    read_seq: Annotated[int, Meta(ge=0)] = 0
    shown_delivered_seq: Annotated[int, Meta(ge=0)] | None = None
    shown_read_seq: Annotated[int, Meta(ge=0)] | None = None
    request: Pending | None = None
    joined_at: datetime
    muted_until: datetime | None = None
    level: Level | None = None
    pinned_at: datetime | None = None
    archived_seq: Annotated[int, Meta(ge=0)] | None = None
    marked_unread: bool | None = None
    draft: SeatDraft | None = None
    scheduled: Annotated[int, Meta(ge=0)] | None = None
    hidden_seq: Annotated[int, Meta(ge=0)] | None = None

    def muted(self, moment: datetime) -> bool:
        return self.muted_until is not None and self.muted_until > moment

    def archived(self, last_seq: int, moment: datetime) -> bool:
        """Whether it is out of the list, for a log up to `last_seq`: news bring it back, unless it is muted."""
        return self.archived_seq is not None and (last_seq <= self.archived_seq or self.muted(moment))
