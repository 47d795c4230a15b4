"""Telling people things at once: friend requests and announcements. Messages go another way (`away`)."""

from __future__ import annotations

from collections.abc import Iterable

from chatsite.clock import now
from chatsite.realtime import presence
from chatsite.types import ObjectId, UserId
from messaging.documents import Scheduled
from notifications import broadcasts, policy
from notifications.documents import KEEP, Notification, RelatedTo
from notifications.repositories import notifications, preferences
from notifications.services import reading


def friend_requested(who: UserId, other: UserId) -> None:
    """`who` asked `other` to be friends: tell the other."""
    _of_friendship(other, who, RelatedTo(type="friend_request", id=who), "requested")


def friend_accepted(who: UserId, other: UserId) -> None:
    """`who` accepted the request of `other`: tell the other, and take the request off one's own list."""
    reading.close(who, RelatedTo(type="friend_request", id=other))
    _of_friendship(other, who, RelatedTo(type="friendship", id=who), "accepted")


def announce(text: str, people: Iterable[UserId], announcement: ObjectId) -> int:
    """A message of the system, in words, to these people: those who want to hear such. Returns how many were told.

    Repeating the same `announcement` tells nobody twice who has not read it yet.
    """
    about = RelatedTo(type="system", id=str(announcement))
    hearing = policy.hearers("system", people)
    return _tell([_system(one, text, about) for one in hearing])


def not_sent(scheduled: Scheduled) -> None:
    """A message of theirs that waited for its time was not sent: tell them."""
    user = UserId(scheduled.user_id)
    if policy.hearers("system", [user]):
        about = RelatedTo(type="scheduled_message", id=str(scheduled.id))
        _tell([_system(user, scheduled.problem or "", about, event="not_sent")])


def _system(user: UserId, text: str, about: RelatedTo, **more: str) -> Notification:
    at = now()
    return Notification(
        id=ObjectId(),
        user_id=user,
        type="system",
        content={"text": text, **more},
        related_to=about,
        created_at=at,
        expires_at=at + KEEP,
    )


def _of_friendship(user: UserId, other: UserId, about: RelatedTo, event: str) -> None:
    if user in policy.unheard(other, [user]) or not policy.hearers("friend_request", [user]):
        return
    at = now()
    told = Notification(
        id=ObjectId(),
        user_id=user,
        type="friend_request",
        content={"user_id": other, "event": event},
        related_to=about,
        created_at=at,
        expires_at=at + KEEP,
    )
    _tell([told])


def _tell(fresh: list[Notification]) -> int:
    """Stores these, and tells those who are here. Returns how many were not told already."""
    stored = notifications.insert(fresh)
    here = presence.online({UserId(one.user_id) for one in stored})
    if here:
        told = [one for one in stored if one.user_id in here]
        broadcasts.created(told, notifications.unread_of(here))
    return len(stored)


def forget(user: UserId) -> None:
    """Deletes all that a person was told, and their preferences: they are about to be deleted."""
    notifications.delete(user)
    preferences.delete(user)
