from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chatsite.mongo.spec import Document, Part
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid
from messaging.documents.preview import Preview

CONTENT_MAX = 10_000  # characters (code points)
FILES_MAX = 10  # with one message
BLUR_MAX = 1024  # characters


class Attachment(Part, frozen=True, kw_only=True):
    """A file sent with a message, as the database plan has it. `size` is in bytes.

    A picture that we could read also has its `width` and `height` in pixels, held upright, and `blur`: what stands in
    its place until it is there, as a data URI.
    """

    id: ObjectId
    type: Annotated[str, Meta(max_length=127)]
    url: Annotated[str, Meta(max_length=2048)]
    name: Annotated[str, Meta(max_length=255)]
    size: Annotated[int, Meta(ge=0)]
    width: Annotated[int, Meta(ge=1)] | None = None
    height: Annotated[int, Meta(ge=1)] | None = None
    blur: Annotated[str, Meta(max_length=BLUR_MAX)] | None = None


class Receipt(Part, frozen=True, kw_only=True):
    """Who, and when."""

    user_id: Uuid
    timestamp: datetime


class Reaction(Part, frozen=True, kw_only=True):
    """An emoji and who set it."""

    emoji: Annotated[str, Meta(max_length=64)]
    user_ids: list[Uuid]


class Thread(Part, frozen=True, kw_only=True):
    """What is known at a message of the thread it begins: how many replies there are up to `seq`, without those that
    changes up to `rev` have deleted; when the latest was sent, and by whom the latest were, the newest first.

    A projection of the log, as a conversation's `last_*`: it may lag and can be repaired from it.
    """

    count: Annotated[int, Meta(ge=0)]
    seq: Annotated[int, Meta(ge=0)]
    rev: Annotated[int, Meta(ge=0)]
    last_at: datetime | None = None
    user_ids: list[Uuid] = []


class Forwarded(Part, frozen=True, kw_only=True):
    """Who wrote what was passed on. Where they did, stays with those who were there."""

    author_id: Uuid


class Message(Document, frozen=True, kw_only=True):
    """One entry of a conversation's log. `seq` is dense from 1; `client_id` is the sender's, unique for ever.

    A deleted message keeps its place, without what it said. `thread_id` is the message that begins the thread this one
    is in; `thread`, what is known of the thread that this one begins. `previews` are of links in it; `plain_links`: its
    sender wants none. `hidden_for` are those who deleted it for themselves; where a person is shown it, that is they or
    nobody: see Sight.
    """

    conversation_id: ObjectId
    seq: Annotated[int, Meta(ge=1)]
    client_id: Uuid
    sender_id: Uuid
    content: Annotated[str, Meta(max_length=CONTENT_MAX)]
    attachments: list[Attachment] = []
    reply_to: ObjectId | None = None
    thread_id: ObjectId | None = None
    mentions: list[Uuid] = []
    created_at: datetime
    updated_at: datetime
    delivered_to: list[Receipt] = []
    read_by: list[Receipt] = []
    reactions: list[Reaction] = []
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    pinned_at: datetime | None = None
    thread: Thread | None = None
    forwarded: Forwarded | None = None
    previews: list[Preview] | None = None
    plain_links: bool | None = None
    hidden_for: list[Uuid] | None = None

    @property
    def file_names(self) -> list[str]:
        return [one.name for one in self.attachments]
