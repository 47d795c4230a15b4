"""What every page of a signed-in person says about notifications: how many are unread, for the bell."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from accounts.models import User
from notifications.services import inbox


def unread(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`notifications_unread`: counted when a template first asks, once a request; nothing for who is not signed in."""

    @cache
    def count() -> int:
        return inbox.unread(request.user.chat_id) if isinstance(request.user, User) else 0

    return {"notifications_unread": count} if hasattr(request, "user") else {}
