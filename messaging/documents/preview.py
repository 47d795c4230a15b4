from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chatsite.mongo.spec import Document, Part
from chatsite.types import ObjectId

ADDRESS_MAX = 2048  # characters

Address = Annotated[str, Meta(max_length=ADDRESS_MAX)]
Title = Annotated[str, Meta(max_length=200)]
Description = Annotated[str, Meta(max_length=300)]
SiteName = Annotated[str, Meta(max_length=80)]


class PreviewPicture(Part, frozen=True, kw_only=True):
    """A picture made anew of the one that a page names; its size is in pixels. `key` is random and names it in the
    storage and in its address."""

    key: Annotated[str, Meta(min_length=32, max_length=32)]
    width: Annotated[int, Meta(ge=1)]
    height: Annotated[int, Meta(ge=1)]


class Preview(Part, frozen=True, kw_only=True):
    """What a link in a message leads to, as it was when the message was written. `id` is that of the LinkCard."""

    id: ObjectId
    url: Address
    title: Title
    description: Description = ""
    site: SiteName = ""
    picture: PreviewPicture | None = None


class LinkCard(Document, frozen=True, kw_only=True):
    """What a page said of itself when it was fetched; nothing, `title` least of all, where that failed. It is there for
    others who write the same address soon, and as long as a message shows its picture, which was `looked_at` last."""

    url: Address
    title: Title = ""
    description: Description = ""
    site: SiteName = ""
    picture: PreviewPicture | None = None
    fetched_at: datetime
    looked_at: datetime
