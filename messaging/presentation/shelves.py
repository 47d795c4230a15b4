"""Files, links and pins of a conversation, as its details show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from django.urls import reverse

from accounts.services import faces, people
from accounts.services.people import Card
from chatsite.clock import iso
from chatsite.types import UserId
from messaging import markup
from messaging.documents import PREVIEW_MAX, Message
from messaging.presentation import attachments
from messaging.presentation.attachments import FileView
from messaging.presentation.rows import when
from messaging.protocol import message_data

BARE = ("https://", "http://", "www.")  # what is left out where an address is read


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The message that something stands in: who wrote it, when, and where it is."""

    sender: Card
    address: str
    at: str
    when: str
    text: str


class FileOnShelf(msgspec.Struct, frozen=True, kw_only=True):
    file: FileView
    origin: Origin


class LinkOnShelf(msgspec.Struct, frozen=True, kw_only=True):
    """`shown` is the address as it is read."""

    url: str
    host: str
    shown: str
    origin: Origin


class FilesView(msgspec.Struct, frozen=True, kw_only=True):
    """Pictures stand in a grid, everything else in rows."""

    pictures: list[FileOnShelf]
    others: list[FileOnShelf]


def files(found: Sequence[Message], me: UserId) -> FilesView:
    shown = [
        FileOnShelf(file=file, origin=origin)
        for message, origin in _origins(found, me)
        for file in attachments.views(message_data(message).attachments)
    ]
    pictures = [one for one in shown if one.file.kind == "picture"]
    return FilesView(pictures=pictures, others=[one for one in shown if one.file.kind != "picture"])


def links(found: Sequence[Message], me: UserId) -> list[LinkOnShelf]:
    return [
        LinkOnShelf(url=url, host=markup.host(url), shown=_shown(url), origin=origin)
        for message, origin in _origins(found, me)
        for url in markup.links(message.content)
    ]


def pins(found: Sequence[Message], me: UserId) -> list[Origin]:
    return [origin for _message, origin in _origins(found, me)]


def _origins(found: Sequence[Message], me: UserId) -> list[tuple[Message, Origin]]:
    cards = faces.shown(me, people.cards({UserId(one.sender_id) for one in found}))
    return [(one, _origin(one, cards)) for one in found]


def _origin(message: Message, cards: Mapping[UserId, Card]) -> Origin:
    here = reverse("conversation", args=[str(message.conversation_id)])
    return Origin(
        sender=cards[UserId(message.sender_id)],
        address=f"{here}?around={message.seq}#message-{message.seq}",
        at=iso(message.created_at),
        when=when(message.created_at),
        text=markup.preview(message.content, message.file_names, PREVIEW_MAX),
    )


def _shown(url: str) -> str:
    for one in BARE:
        url = url.removeprefix(one)
    return url.rstrip("/")
