"""One message, drawn by `templates/messaging/_message.html`: for pages, live events and the optimistic copy alike.

This is on the hot path, once per event that a browser sees: cards and quoted messages are fetched for all messages at
once, the template is compiled once, and it is given plain strings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import msgspec
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.policy import Facts
from accounts.services import faces, facts, people
from accounts.services.people import Card
from chatsite.templatetags.look import avatar, hue
from chatsite.types import ObjectId, UserId
from messaging import markup
from messaging.documents import Message
from messaging.presentation import attachments, link_cards, reactions, threads
from messaging.presentation.body import address, body
from messaging.presentation.threads import ChipView
from messaging.protocol import MessageData, message_data
from messaging.repositories import messages as log

QUOTE_MAX = 140  # characters
NO_ID = "0" * 24
Place = Literal["log", "thread"]
"""Where a message is shown: among all of its conversation, or in a thread. A reply is one line among all."""


class Quote(msgspec.Struct, frozen=True):
    """The message that is answered: where it stands, who wrote it, how it begins."""

    seq: str
    name: str
    text: str
    sender_id: str


class MessageView(msgspec.Struct, frozen=True):
    """A message with everything that is needed to draw it; the same for every viewer. `author` is who wrote what was
    passed on in it, `root` the message whose thread it is in, `chip` what shows of the thread that it begins itself."""

    data: MessageData
    sender: Card
    quote: Quote | None = None
    meant: tuple[Card, ...] = ()
    reacted: Mapping[UserId, Card] = {}
    author: Card | None = None
    root: Quote | None = None
    chip: ChipView | None = None


def views(messages: Sequence[MessageData]) -> list[MessageView]:
    """The messages with their authors' cards, what they answer and whom they name: two look-ups for all of them."""
    quoted = log.by_ids([ObjectId(other) for one in messages for other in (one.reply_to, one.thread_id) if other])
    writers = [one.sender_id for one in messages] + [one.sender_id for one in quoted.values()]
    named = [who for one in messages for who in one.mentions] + threads.people_in(messages)
    named += [one.forwarded.author_id for one in messages if one.forwarded]
    reacted = {one.id: reactions.named(one.reactions) for one in messages if one.reactions}
    cards = people.cards({UserId(one) for one in writers + named}.union(*reacted.values()))
    quotes = {str(one.id): _quote(one, cards[UserId(one.sender_id)]) for one in quoted.values()}
    return [
        MessageView(
            one,
            cards[UserId(one.sender_id)],
            quotes.get(one.reply_to or ""),
            tuple(cards[UserId(who)] for who in one.mentions),
            {who: cards[who] for who in reacted.get(one.id, ())},
            cards[UserId(one.forwarded.author_id)] if one.forwarded else None,
            quotes.get(one.thread_id or ""),
            threads.chip(one.thread, cards),
        )
        for one in messages
    ]


def draw(
    view: MessageView,
    *,
    mine: bool = False,
    follows: bool = False,
    state: str = "",
    clock: str = "",
    folded: bool = False,
    viewer: str = "",
    place: Place = "log",
    whole: str = "",
) -> SafeString:
    """The `<li>` of a message. Neutral by default; `mine`, `follows`, the tick's `state`, the time on their `clock` and
    whether it is `folded` away are what a `viewer`, by id, adds. A reply that is drawn as one line carries its `whole`
    self along for those who have its thread open."""
    data, sender = view.data, view.sender
    fields: dict[str, Any] = {
        "id": data.id,
        "page": page(data.id),
        "seq": str(data.seq) if data.seq else "",
        "client_id": data.client_id,
        "sender_id": data.sender_id,
        "name": sender.display_name,
        "at": data.created_at,
        "clock": clock or data.created_at[11:16],
        "body": body(data.content, view.meant, viewer),
        "deed": markup.deed(data.content),
        "files": attachments.views(data.attachments),
        "previews": link_cards.views(data.previews),
        "quote": view.quote,
        "hue": hue(sender.id),
        "face": avatar(sender, "small"),
        "address": address(sender.username),
        "folded": folded,
        "mine": mine,
        "follows": follows,
        "state": state,
        "reactions": reactions.views(data.reactions, view.reacted, viewer) if data.reactions else (),
        "edited": data.edited_at and not data.deleted_at,
        "deleted": data.deleted_at,
        "pinned": data.pinned_at,
        "forwarded": data.forwarded is not None and not data.deleted_at,
        "author": _named(view),
        "anchor": "message" if place == "log" else "reply",
        "thread_id": data.thread_id,
    }
    if data.thread_id and place == "log":
        return _line(view, fields, whole)
    if view.chip and place == "log":
        fields |= {"thread": view.chip, "thread_address": threads.address(data.conversation_id, data.id)}
    return _template("_message").render(Context(fields))


def _line(view: MessageView, fields: dict[str, Any], whole: str) -> SafeString:
    """A reply in one line."""
    data = view.data
    words = markup.preview(data.content, [one["name"] for one in data.attachments], QUOTE_MAX)
    if data.deleted_at:
        words = _("This message was deleted.")
    fields |= {
        "words": _("Blocked message") if fields["folded"] else words,
        "tiny_face": avatar(view.sender, "tiny"),
        "thread_address": threads.address(data.conversation_id, data.thread_id or ""),
        "root": view.root,
        "whole": whole,
    }
    return _template("_reply").render(Context(fields))


def page(message_id: str) -> str:
    """The address of a message's own page; "" for one on its way."""
    return message_id and _pages().replace(NO_ID, message_id)


@lru_cache
def _pages() -> str:
    return reverse("message", args=[NO_ID])


def _named(view: MessageView) -> str:
    """Whose words somebody passed on; "" where they were their own, or that one is gone."""
    author = view.author
    return author.display_name if author and author.username and author.id != view.sender.id else ""


def seen_by(
    me: UserId, shown: Sequence[MessageView], away: Collection[str], known: Mapping[UserId, Facts] = facts.UNKNOWN
) -> list[MessageView]:
    """These messages as this viewer meets them: without pictures that are not for them, and without the words of those
    who are `away` where others quote them."""
    met = [card for one in shown for card in (one.sender, *(one.chip.people if one.chip else ()))]
    cards = faces.shown(me, {one.id: one for one in met}, known)
    return [
        msgspec.structs.replace(
            one,
            sender=cards[one.sender.id],
            quote=_folded(one.quote, away),
            chip=threads.faced(one.chip, cards),
        )
        for one in shown
    ]


def _folded(quote: Quote | None, away: Collection[str]) -> Quote | None:
    if quote is None or quote.sender_id not in away:
        return quote
    return msgspec.structs.replace(quote, text=_("Blocked message"))


def draw_data(messages: Sequence[MessageData]) -> list[str]:
    """The `<li>`s of these messages, the same for every viewer. Plain strings: msgspec encodes no subclass of them."""
    return ["".join((_neutral(view),)) for view in views(messages)]


def _neutral(view: MessageView) -> SafeString:
    return draw(view, whole=draw(view, place="thread") if view.data.thread_id else "")


def draw_messages(messages: Sequence[Message]) -> list[str]:
    """As `draw_data`, for stored messages."""
    return draw_data([message_data(one) for one in messages])


def blank(me: Card) -> SafeString:
    """A message of one's own without content: browsers fill it while the real one is on its way."""
    data = MessageData(
        id="",
        seq=0,
        conversation_id="",
        client_id="",
        sender_id=me.id,
        content="",
        attachments=[],
        reply_to=None,
        mentions=[],
        created_at="",
        updated_at="",
        delivered_to=[],
        read_by=[],
        reactions=[],
        edited_at=None,
        deleted_at=None,
        pinned_at=None,
    )
    return draw(MessageView(data, me), mine=True, state="waiting")


def quoted(message: Message) -> Quote:
    """How a message is quoted by one that answers it."""
    return _quote(message, people.card(UserId(message.sender_id)))


def _quote(message: Message, author: Card) -> Quote:
    shown = markup.preview(message.content, message.file_names, QUOTE_MAX)
    words = _("Deleted message") if message.deleted_at else shown
    return Quote(str(message.seq), author.display_name, words, message.sender_id)


def _load(name: str) -> Template:
    return get_template(f"messaging/{name}.html").template  # type: ignore[attr-defined,no-any-return]


_loaded = lru_cache(_load)


def _template(name: str) -> Template:
    return _load(name) if settings.DEBUG else _loaded(name)
