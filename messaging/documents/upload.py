from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from chatsite.mongo.spec import Document
from chatsite.types import ObjectId
from messaging.documents.conversation import Uuid
from messaging.documents.message import BLUR_MAX

NAME_LENGTH = 255  # characters
PIECES_MAX = 2000  # in which a file comes

UploadState = Literal["open", "ready", "kept", "doomed"]


class Upload(Document, frozen=True, kw_only=True):
    """A file from its first byte to its last day. Its id is that of the attachment it becomes.

    "open" while it comes, in `pieces`, of which `received` bytes are there; "ready" when it is whole and looked at;
    "kept" once it was found in a message; "doomed" when nobody may have it any more and its bytes are to go.
    `client_id` names the message of its owner that it goes with, from the moment that is sent: a file goes with one
    only. `key` is random and names it in the storage and in its address. `type` is what its content says, ""
    before that is known. `stored_as` is the key under which the bytes are, where those are another file's: one that was
    passed on is stored once, until nobody has it any more.
    """

    key: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    owner_id: Uuid
    conversation_id: ObjectId
    name: Annotated[str, Meta(max_length=NAME_LENGTH)]
    size: Annotated[int, Meta(ge=1)]
    type: Annotated[str, Meta(max_length=127)] = ""
    state: UploadState = "open"
    received: Annotated[int, Meta(ge=0)] = 0
    pieces: Annotated[list[str], Meta(max_length=PIECES_MAX)] = []
    width: Annotated[int, Meta(ge=1)] | None = None
    height: Annotated[int, Meta(ge=1)] | None = None
    blur: Annotated[str, Meta(max_length=BLUR_MAX)] | None = None
    client_id: Uuid | None = None
    created_at: datetime
    moved_at: datetime
    stored_as: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")] | None = None

    @property
    def bytes_key(self) -> str:
        """Under which its bytes are in the storage."""
        return self.stored_as or self.key
