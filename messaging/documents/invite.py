from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chatsite.mongo.spec import Document, written_as
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid

Sha256 = Annotated[str, written_as("^[0-9a-f]{64}$")]


class Invite(Document, frozen=True, kw_only=True):
    """A link into one group. Of its secret only the SHA-256 is kept, which is enough for 256 random bits. It works
    until `expires_at` and for `uses_max` people (None: without an end), and as long as its maker runs the group."""

    conversation_id: ObjectId
    token: Sha256
    made_by: Uuid
    created_at: datetime
    expires_at: datetime | None = None
    uses_max: Annotated[int, Meta(ge=1)] | None = None
    uses: Annotated[int, Meta(ge=0)] = 0
    revoked_at: datetime | None = None
