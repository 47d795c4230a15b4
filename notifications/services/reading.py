"""What was read: by the person on the list, or by reading the conversation itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from chatsite.errors import NotFound
from chatsite.types import ObjectId, UserId, object_id
from notifications import broadcasts
from notifications.documents import Notification, RelatedTo
from notifications.repositories import notifications


def mark(me: UserId, ids: Iterable[ObjectId | str] | None = None) -> int:
    """Marks these of my notifications as read, all of them for None. Returns how many are unread still.

    Ids of others' are passed over: they may have expired just now. Raises NotFound for what is no id at all.
    """
    known = None if ids is None else [object_id(one) for one in ids]
    changed = notifications.mark_read(me, known)
    left = notifications.unread(me)
    if changed:
        broadcasts.read(me, known, left)
    return left


def open_one(me: UserId, notification_id: ObjectId | str) -> Notification:
    """One of my notifications, which is thereby read. Raises NotFound for strangers' and expired ones."""
    found = notifications.by_id(me, object_id(notification_id))
    if found is None:
        raise NotFound(_("There is no such notification."))
    if not found.is_read:
        mark(me, [found.id])
    return found


def close(me: UserId, about: RelatedTo) -> None:
    """What I was told about this has been dealt with elsewhere: it is read."""
    ids = [one.id for one in notifications.about(me, about)]
    if ids:
        mark(me, ids)


def conversations_read(readings: Mapping[tuple[UserId, ObjectId], int]) -> None:
    """People read these conversations up to a `seq`: what they were told of that is read too."""
    if not readings:
        return
    unread = notifications.of_conversations({user for user, _here in readings}, {here for _user, here in readings})
    closed: dict[UserId, list[ObjectId]] = {}
    for one in unread:
        place = UserId(one.user_id), object_id(one.content["conversation_id"])
        if one.content["seq"] <= readings.get(place, 0):
            closed.setdefault(place[0], []).append(one.id)
    for user, ids in closed.items():
        mark(user, ids)
