"""Who hears about what, and how."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import policy
from chatsite.types import UserId
from notifications.documents import NotificationPreference, Type
from notifications.repositories import preferences

WAYS = ("in_app",)
"""The channels that deliver. A preference for another is kept, but nobody is offered a switch that does nothing."""


def hearers(kind: Type, people: Iterable[UserId]) -> set[UserId]:
    """Those of `people` who want to hear of this kind of thing in the app."""
    asked = set(people)
    known = preferences.of(asked)
    return {one for one in asked if one not in known or wants(known[one], kind)}


def wants(preference: NotificationPreference, kind: Type, way: str = "in_app") -> bool:
    """Whether someone wants to hear of this kind of thing in this way."""
    return bool(getattr(preference.channels, way) and getattr(preference.types, kind))


def unheard(sender: UserId, people: Iterable[UserId]) -> set[UserId]:
    """Those of `people` who hear nothing of `sender`: the sender, and everyone with a block between them."""
    return {sender} | policy.blocked_between(sender, people)
