"""A message on its way into the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chatsite.clock import now
from chatsite.types import ObjectId, UserId
from messaging.documents import Attachment, Forwarded, Message, Reaction


@dataclass(frozen=True)
class Draft:
    """A message before it has a place in the log. `created_at` is given for what was said earlier, elsewhere."""

    conversation_id: ObjectId
    sender_id: UserId
    client_id: str
    content: str
    reply_to: ObjectId | None = None
    thread_id: ObjectId | None = None
    attachments: tuple[Attachment, ...] = ()
    mentions: tuple[UserId, ...] = ()
    forwarded: Forwarded | None = None
    id: ObjectId = field(default_factory=ObjectId)
    created_at: datetime | None = None
    edited_at: datetime | None = None
    reactions: tuple[Reaction, ...] = ()

    def at(self, seq: int) -> Message:
        moment = self.created_at or now()
        return Message(
            id=self.id,
            conversation_id=self.conversation_id,
            seq=seq,
            client_id=self.client_id,
            sender_id=self.sender_id,
            content=self.content,
            attachments=list(self.attachments),
            reply_to=self.reply_to,
            thread_id=self.thread_id,
            mentions=list(self.mentions),
            forwarded=self.forwarded,
            created_at=moment,
            updated_at=self.edited_at or moment,
            edited_at=self.edited_at,
            reactions=list(self.reactions),
        )


@dataclass(frozen=True)
class Appended:
    """Where a draft stands now. `created` is False when an earlier try had stored it."""

    message: Message
    created: bool
