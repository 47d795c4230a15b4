"""Public rooms as somebody sees them who looks for one."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from accounts.services.people import Card
from chatsite.types import UserId
from messaging.documents import Conversation
from messaging.presentation.rows import face


class RoomView(msgspec.Struct, frozen=True, kw_only=True):
    """`joined`: the viewer is in it."""

    id: str
    face: Card
    description: str
    members: int
    joined: bool


def rooms(found: Sequence[Conversation], me: UserId) -> list[RoomView]:
    return [room(one, me) for one in found]


def room(found: Conversation, me: UserId) -> RoomView:
    return RoomView(
        id=str(found.id),
        face=face(found, None),
        description=found.description or "",
        members=len(found.participants),
        joined=me in found.participants,
    )
