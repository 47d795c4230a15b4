from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chatsite.mongo.spec import Document


class Epoch(Document, frozen=True, kw_only=True):
    """A life of this log: one at installation, another with every restore from backup. The newest one counts."""

    epoch: Annotated[str, Meta(min_length=32, max_length=32)]
    created_at: datetime
