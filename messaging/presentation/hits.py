"""What was found, as it is shown: how each message reads around the words that were looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec
from django.urls import reverse

from accounts.services import faces, people
from accounts.services.people import Card
from chatsite.clock import iso
from chatsite.types import UserId
from messaging import markup
from messaging.documents import Conversation, Message
from messaging.presentation.rows import face, partner, when
from messaging.search import words
from messaging.search.needles import Needle

EXCERPT = 220  # characters
LEAD = 60  # characters before the first word that was found
ELLIPSIS = "…"


class Fragment(msgspec.Struct, frozen=True):
    """A part of a message; `hit`: it is what was looked for."""

    text: str
    hit: bool


class Hit(Protocol):
    @property
    def message(self) -> Message: ...
    @property
    def conversation(self) -> Conversation: ...


class HitView(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was found, with what is needed to draw it."""

    sender: Card
    title: str
    kind: str
    address: str
    at: str
    when: str
    excerpt: list[Fragment]


def hits(found: Sequence[Hit], needles: Sequence[Needle], me: UserId) -> list[HitView]:
    """Each message with its author and its conversation: one look-up for all of them."""
    partners = {one.conversation.id: partner(one.conversation, me) for one in found}
    ids = {UserId(one.message.sender_id) for one in found} | {other for other in partners.values() if other}
    cards = faces.shown(me, people.cards(ids))
    return [_view(one, needles, cards, partners[one.conversation.id]) for one in found]


def _view(one: Hit, needles: Sequence[Needle], cards: Mapping[UserId, Card], other: UserId | None) -> HitView:
    message, here = one.message, one.conversation
    return HitView(
        sender=cards[UserId(message.sender_id)],
        title=face(here, cards.get(other) if other else None).display_name,
        kind=here.type,
        address=address(message),
        at=iso(message.created_at),
        when=when(message.created_at),
        excerpt=excerpt(message, needles),
    )


def address(message: Message) -> str:
    """Where a message stands: in its thread, or among all of its conversation."""
    here, seq = str(message.conversation_id), message.seq
    if message.thread_id is not None:
        return f"{reverse('thread', args=[here, str(message.thread_id)])}?around={seq}#reply-{seq}"
    return f"{reverse('conversation', args=[here])}?around={seq}#message-{seq}"


def excerpt(message: Message, needles: Sequence[Needle]) -> list[Fragment]:
    """How a message reads around the first word that was found, in one line and without marks."""
    text = markup.plain(message.content) or ", ".join(message.file_names)
    found = _found(text, needles)
    if needles and not found:  # it stands in what the marks hide, an address for one, or in the name of a file
        text = " ".join([*message.content.split(), *message.file_names])
        found = _found(text, needles)
    start = _start(text, found[0][0]) if found else 0
    end = min(len(text), start + EXCERPT)
    fragments = [Fragment(ELLIPSIS, hit=False)] if start else []
    for first, last in (one for one in found if one[0] < end):
        fragments += [Fragment(text[start:first], hit=False), Fragment(text[first : min(last, end)], hit=True)]
        start = min(last, end)
    fragments.append(Fragment(text[start:end] + (ELLIPSIS if end < len(text) else ""), hit=False))
    return [one for one in fragments if one.text]


def _start(text: str, first: int) -> int:
    """At the beginning of a word, a little before the first hit; at the very beginning where that is near."""
    if first <= LEAD:
        return 0
    space = text.find(" ", first - LEAD, first)
    return first - LEAD if space < 0 else space + 1


def _found(text: str, needles: Sequence[Needle]) -> list[tuple[int, int]]:
    """Where what was looked for stands in a text."""
    wanted = [(piece, one.open and piece is one.pieces[-1]) for one in needles for piece in one.pieces]
    return [place for span in words.spans(text) for place in _within(text, span, wanted)]


def _within(text: str, span: tuple[int, int], wanted: Sequence[tuple[str, bool]]) -> list[tuple[int, int]]:
    """A word is found as a whole; of a run, each part of it that was looked for."""
    first, last = span
    folded = words.fold(text[first:last])
    if not words.is_run(folded):
        meant = any(folded == piece or (goes_on and folded.startswith(piece)) for piece, goes_on in wanted)
        return [span] if meant else []
    if len(folded) != last - first:
        return [span] if any(piece in folded for piece, _goes_on in wanted) else []
    places = sorted({(at, at + len(one)) for one, _ in wanted if (at := folded.find(one)) >= 0})
    return [(first + begins, first + ends) for begins, ends in _apart(places)]


def _apart(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places, those that meet as one."""
    found: list[tuple[int, int]] = []
    for begins, ends in places:
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return found
