"""How a notification is worded and drawn: the same in the page, live and over the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services import people
from accounts.services.people import Card
from chatsite.clock import iso
from chatsite.types import UserId
from notifications.documents import Notification
from notifications.protocol import NotificationData, RelatedToData


def data(notifications: Sequence[Notification]) -> list[NotificationData]:
    """These notifications as clients see them, with the names as they are now."""
    others = {one.id: _other(one) for one in notifications}
    cards = people.cards({other for other in others.values() if other})
    return [_data(one, cards.get(others[one.id] or UserId(""))) for one in notifications]


def draw(notification: NotificationData) -> str:
    """The `<li>` of a notification."""
    at = datetime.fromisoformat(notification.created_at)
    return render_to_string("notifications/_notification.html", {"notification": notification, "at": at})


def _other(one: Notification) -> UserId | None:
    """Who the notification is about."""
    found = one.content.get("sender_id") or one.content.get("user_id")
    return UserId(found) if found else None


def _data(one: Notification, card: Card | None) -> NotificationData:
    title, text = _words(one, card.display_name if card else "")
    return NotificationData(
        id=str(one.id),
        user_id=one.user_id,
        type=one.type,
        content=one.content,
        related_to=RelatedToData(type=one.related_to.type, id=one.related_to.id),
        is_read=one.is_read,
        created_at=iso(one.created_at),
        expires_at=iso(one.expires_at),
        title=title,
        text=text,
        url=_url(one, card),
        face=card,
    )


def _words(one: Notification, name: str) -> tuple[str, str]:
    """The two lines: whom or what it is about, and what happened."""
    if one.type == "message":
        return _message_words(one, name)
    if one.type == "friend_request":
        asked = one.content["event"] == "requested"
        return name, _("would like to be your friend.") if asked else _("accepted your friend request.")
    if one.content.get("event") == "not_sent":
        return _("A scheduled message was not sent"), one.content["text"]
    return _("Announcement"), one.content["text"]


def _message_words(one: Notification, name: str) -> tuple[str, str]:
    group, preview, count = one.content.get("name"), one.content["preview"], one.content["count"]
    line = _("%(name)s: %(text)s") % {"name": isolated(name), "text": preview} if group else preview
    if count == 1:
        return group or name, line
    many = ngettext("%(count)d new message", "%(count)d new messages", count) % {"count": count}
    return group or name, f"{many} · {line}"


def _url(one: Notification, card: Card | None) -> str:
    """Where the thing itself is to be found; the list for what is nowhere else."""
    if one.type == "message":
        here, root = one.content["conversation_id"], one.content.get("thread_id")
        return reverse("thread", args=[here, root]) if root else reverse("conversation", args=[here])
    if one.type == "friend_request" and card and card.username:
        return reverse("person", args=[card.username])
    return reverse("scheduled") if one.content.get("event") == "not_sent" else reverse("notifications")


def isolated(name: str) -> str:
    """A name that keeps its own direction in a line of the other one (Unicode's FIRST STRONG ISOLATE)."""
    return f"\u2068{name}\u2069"
