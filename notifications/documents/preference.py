from __future__ import annotations

from datetime import datetime

from chatsite.mongo.spec import Document, Part
from messaging.documents.conversation import Uuid


class Channels(Part, frozen=True, kw_only=True):
    """The ways by which a person wants to hear."""

    in_app: bool = True
    email: bool = False
    push: bool = False


class Types(Part, frozen=True, kw_only=True):
    """The kinds of things a person wants to hear of."""

    message: bool = True
    friend_request: bool = True
    system: bool = True


class NotificationPreference(Document, frozen=True, kw_only=True):
    """What one person wants to hear of, and how. Who has none gets the defaults."""

    user_id: Uuid
    channels: Channels = Channels()
    types: Types = Types()
    updated_at: datetime
