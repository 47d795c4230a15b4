from __future__ import annotations

from datetime import datetime

from chatsite.mongo.spec import Document
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid


class Saved(Document, frozen=True, kw_only=True):
    """A message that somebody keeps at hand for themself. Ids go up with the time of saving."""

    user_id: Uuid
    message_id: ObjectId
    conversation_id: ObjectId
    saved_at: datetime
