"""What clients get: the documents as the socket sends them, and the pages they come in."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from django.http import HttpResponse
from msgspec import Meta

from chatsite.clock import iso
from messaging.documents import Role
from messaging.presentation.hits import Fragment
from messaging.protocol import ChangeData, ConversationData, MessageData, ScheduledData
from messaging.services.amendments import Version

Head = Annotated[tuple[int, int], Meta(description="[seq, rev] of the conversation, read before the page was.")]


class ConversationPage(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first. `next` is the address of the page after this one; null on the last."""

    results: list[ConversationData]
    next: str | None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Someone in a conversation, and how far they have got."""

    user_id: str
    username: str
    display_name: str
    avatar_url: str | None
    role: Role
    delivered_seq: int
    read_seq: int
    joined_seq: int
    joined_at: str


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """Everyone in a conversation, longest first."""

    results: list[Member]


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """A group that anyone may join. `members`: how many there are; `joined`: whether I am one of them."""

    id: str
    name: str
    description: str | None
    avatar_url: str | None
    members: int
    joined: bool


class RoomPage(msgspec.Struct, frozen=True, kw_only=True):
    """Those with the latest message first. `next` is the address of the page after; null on the last."""

    results: list[Room]
    next: str | None


class InviteData(msgspec.Struct, frozen=True, kw_only=True):
    """A link into a group. `secret` and `url` are told once, when it is made."""

    id: str
    made_by: str
    created_at: str
    expires_at: str | None
    uses_max: int | None
    uses: int
    secret: str | msgspec.UnsetType = msgspec.UNSET
    url: str | msgspec.UnsetType = msgspec.UNSET


class Invites(msgspec.Struct, frozen=True, kw_only=True):
    """Links that were not withdrawn, the newest first."""

    results: list[InviteData]


class PinPage(msgspec.Struct, frozen=True, kw_only=True):
    """What was pinned last comes first. `next` is the address of the page after; null on the last."""

    results: list[MessageData]
    next: str | None


class MessagePage(msgspec.Struct, frozen=True, kw_only=True):
    """Messages in `seq` order."""

    results: list[MessageData]
    has_before: bool
    has_after: bool
    head: Head


class MessageVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What a message said from `at` on."""

    content: str
    at: str

    @classmethod
    def of(cls, one: Version) -> MessageVersion:
        return cls(content=one.content, at=iso(one.at))


class MessageHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Oldest first; the last one is how it is now."""

    results: list[MessageVersion]


class HiddenSeqs(msgspec.Struct, frozen=True, kw_only=True):
    """The `seq` of each."""

    results: list[int]


class ThreadPage(msgspec.Struct, frozen=True, kw_only=True):
    """The message a thread begins with, and replies to it in `seq` order."""

    root: MessageData
    results: list[MessageData]
    has_before: bool
    has_after: bool
    head: Head


class ChangePage(msgspec.Struct, frozen=True, kw_only=True):
    """Changes in `rev` order."""

    results: list[ChangeData]
    more: bool
    head: Head


class UploadData(msgspec.Struct, frozen=True, kw_only=True):
    """A file on its way to the server: it goes on at byte `offset`, in pieces of at most `piece_max` bytes. "open"
    while it comes, "ready" when a message may have it; then its `type` and `url` are known, and `width` and `height` of
    a picture.
    """

    id: str
    conversation_id: str
    name: str
    size: int
    offset: int
    piece_max: int
    state: Literal["open", "ready"]
    type: str | None
    url: str | None
    width: int | None
    height: int | None


class ScheduledList(msgspec.Struct, frozen=True, kw_only=True):
    """All of mine that wait for their time, soonest first; those that failed are among them."""

    results: list[ScheduledData]


class SavedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that I keep at hand."""

    saved_at: str
    message: MessageData


class SavedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Last saved first. `next` is the address of the page after this one; null on the last."""

    results: list[SavedMessage]
    next: str | None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why something could not be done."""

    code: str
    detail: str


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message in one place: `target` is the id of the conversation or person that was asked for.
    Either the `message` is there, or a `problem`."""

    target: str
    message: MessageData | None
    problem: Problem | None


class PassedOn(msgspec.Struct, frozen=True, kw_only=True):
    results: list[Passed]


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was found, and how it reads around the words that were looked for."""

    message: MessageData
    excerpt: list[Fragment]


class FilterRead(msgspec.Struct, frozen=True, kw_only=True):
    """A filter as it was understood. `problem` says why it was not."""

    key: str
    value: str
    problem: str | None


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """Newest or best first. `next` is the address of the page after this one; null on the last. `complete` is false
    where not everything could be looked at: the time was up, or older messages are still being taken into the index."""

    results: list[SearchHit]
    next: str | None
    complete: bool
    filters: list[FilterRead]


class ReceiptOfOne(msgspec.Struct, frozen=True, kw_only=True):
    """Who, and when. In conversations above 256 members nobody keeps the time: it is null."""

    user_id: str
    timestamp: str | None


class ReceiptsOfMessage(msgspec.Struct, frozen=True, kw_only=True):
    delivered_to: list[ReceiptOfOne]
    read_by: list[ReceiptOfOne]


def answer(shape: msgspec.Struct, status: int = 200) -> HttpResponse:
    """A struct as the body of a response: the bytes that the socket would carry."""
    return HttpResponse(msgspec.json.encode(shape), "application/json", status)
