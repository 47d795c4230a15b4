"""Pictures of groups: made of what their admins upload, shown to members and, of public rooms, to everyone.

A picture's address holds a hash of whose it is and what it shows: under one address there is always the same picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from chatsite import images
from chatsite.errors import NotFound
from chatsite.images import Crop, keeping
from chatsite.types import ObjectId, UserId, object_id
from chatsite.web.storage import listing
from messaging.documents import Conversation
from messaging.repositories import conversations
from messaging.services import groups
from messaging.services.conversations import group_seat

FOLDER = "groups"  # in the storage


def put(me: UserId, conversation_id: ObjectId | str, picture: bytes, crop: Crop | None = None) -> Conversation:
    """Makes this the group's picture. Raises NotFound, Forbidden, and what `keeping.keep` raises; then nothing has
    changed."""
    seat = group_seat(me, conversation_id)
    here = seat.conversation.id
    key = keeping.keep(here.binary, picture, crop, partial(_name, here))
    if seat.conversation.avatar_url == address(here, key):
        return seat.conversation
    return groups.look(seat, "pictured", {"avatar_url": address(here, key)})


def remove(me: UserId, conversation_id: ObjectId | str) -> Conversation:
    """Has letters instead of a picture. The files go at night; from now on nobody gets them."""
    seat = group_seat(me, conversation_id)
    if seat.conversation.avatar_url is None:
        return seat.conversation
    return groups.look(seat, "pictured", {"avatar_url": None})


def name(me: UserId, conversation_id: ObjectId | str, key: str, size: int) -> str:
    """The name in the storage of a picture that this person may see. Raises NotFound."""
    here = object_id(conversation_id)
    group = conversations.by_id(here)
    seen = group is not None and group.is_active and (me in group.participants or bool(group.public))
    if group is None or not seen or group.avatar_url != address(here, key) or size not in images.SIZES:
        raise NotFound(_("There is no such picture."))
    return _name(here, key, size)


def sweep() -> int:
    """Deletes pictures that no group has any more. Returns how many files."""
    return keeping.sweep(_left_behind())


def _left_behind() -> Iterator[str]:
    for folder in listing(FOLDER)[0]:
        group = conversations.by_id(object_id(folder))
        for key in listing(f"{FOLDER}/{folder}")[0]:
            if group is None or group.avatar_url != address(group.id, key):
                yield from (_name(folder, key, size) for size in images.SIZES)


def _name(here: ObjectId | str, key: str, size: int) -> str:
    return f"{FOLDER}/{here}/{key}/{size}.webp"


def address(here: ObjectId, key: str) -> str:
    return reverse("conversation-picture", args=[str(here), key, keeping.STANDARD])
