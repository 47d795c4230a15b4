"""What clients may send: strict, like the frames of the socket."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from chatsite.errors import Invalid
from chatsite.realtime.protocol import Hex
from chatsite.types import UserId

IDS_MAX = 1000  # of one request


class ReadRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which notifications were read: some, or all of them."""

    ids: list[Hex] | msgspec.UnsetType = msgspec.UNSET
    all: bool = False

    def __post_init__(self) -> None:
        if (self.ids is msgspec.UNSET) != self.all:
            raise ValueError("give either ids, or all: true")
        if self.ids is not msgspec.UNSET and len(self.ids) > IDS_MAX:
            raise ValueError(f"at most {IDS_MAX} ids")


class ChannelSwitches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    in_app: bool
    email: bool
    push: bool


class TypeSwitches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    message: bool
    friend_request: bool
    system: bool


class PreferencesRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All switches: what is replaced is the whole."""

    channels: ChannelSwitches
    types: TypeSwitches


T = TypeVar("T", bound=msgspec.Struct)


def body(request: Request, shape: type[T]) -> T:
    """The body of a request in this shape. Raises Invalid for any other."""
    try:
        return msgspec.convert(request.data, shape)
    except msgspec.ValidationError as error:
        raise Invalid(_("The request is not of the declared shape: %(why)s") % {"why": error}) from None


def me(request: Request) -> UserId:
    """Whose request it is. The default permission lets nobody else in."""
    if not isinstance(request.user, User):
        raise TypeError("This view needs someone who is signed in.")
    return request.user.chat_id
