from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from msgspec import Meta

from chatsite.mongo.spec import Document, Part
from messaging.documents.conversation import Uuid

KEEP = timedelta(days=90)  # how long a notification is there to be found

Type = Literal["message", "friend_request", "system"]


class RelatedTo(Part, frozen=True, kw_only=True):
    """What a notification is about: a message, the other person of a friend request, an announcement."""

    type: Annotated[str, Meta(max_length=30)]
    id: Annotated[str, Meta(max_length=64)]


class Notification(Document, frozen=True, kw_only=True):
    """Something told to one person. MongoDB deletes it at `expires_at`.

    `content` by type:
    message         conversation_id (hex), name (of a group), sender_id, preview, seq, thread_id ("" for none) and
                    count: one unread notification a conversation, which follows the latest message
    friend_request  user_id (the other), event: "requested" or "accepted"
    system          text; event: "not_sent" where it is about a message that was to go out later
    """

    user_id: Uuid
    type: Type
    content: dict[str, Any]
    related_to: RelatedTo
    is_read: bool = False
    created_at: datetime
    expires_at: datetime
