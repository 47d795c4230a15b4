"""A person's list of notifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from chatsite.errors import Invalid, NotFound
from chatsite.types import UserId, object_id
from chatsite.web.pagination import pack, unpack
from notifications.documents import Notification
from notifications.repositories import notifications
from notifications.repositories.notifications import Place

PAGE = 30  # notifications
PAGE_MAX = 100  # notifications
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Page:
    """Notifications, newest first. `next` is the cursor of the page after; None where nothing follows."""

    notifications: list[Notification]
    next: str | None


def page(me: UserId, before: str | None = None, limit: int = PAGE) -> Page:
    """My notifications after the cursor `before`, from the newest for None. Raises Invalid for what is no cursor."""
    limit = max(1, min(limit, PAGE_MAX))
    found = notifications.page(me, None if before is None else _place(before), limit + 1)
    following = len(found) > limit
    shown = found[:limit]
    return Page(shown, _cursor(shown[-1]) if following else None)


def unread(me: UserId) -> int:
    """How many of my notifications I have not read."""
    return notifications.unread(me)


def _cursor(one: Notification) -> str:
    """The place of a notification in the list: its time in milliseconds, and its id."""
    return pack(str((one.created_at - EPOCH) // MILLISECOND), str(one.id))


def _place(cursor: str) -> Place:
    moment, last = unpack(cursor, 2)
    try:
        return EPOCH + int(moment) * MILLISECOND, object_id(last)
    except (ValueError, OverflowError, NotFound):
        raise Invalid(_("This is not a place in the list.")) from None
