"""Names for the ids that travel through the whole house."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

from bson import ObjectId
from bson.errors import InvalidId

from chatsite.errors import NotFound

UserId = NewType("UserId", str)
"""A person: the lower-case hyphenated text of `users.id`, as MongoDB stores it."""

__all__ = ["ObjectId", "UserId", "object_id", "user_id"]


def object_id(text: object) -> ObjectId:
    """The MongoDB id written as 24 hex digits. Raises NotFound for anything else: no such thing can exist."""
    if isinstance(text, ObjectId):
        return text
    if not isinstance(text, str) or len(text) != 24:
        raise NotFound("There is nothing with this id.")
    try:
        return ObjectId(text)
    except InvalidId:
        raise NotFound("There is nothing with this id.") from None


def user_id(value: object) -> UserId:
    """The canonical text of a user's UUID. Raises NotFound for anything that is no UUID."""
    try:
        return UserId(str(value if isinstance(value, UUID) else UUID(str(value))))
    except ValueError:
        raise NotFound("There is no such person.") from None
