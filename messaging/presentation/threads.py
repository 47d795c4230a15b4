"""Threads as they show in the conversation: the chip at the message they begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.services.people import Card
from chatsite.types import UserId
from messaging.presentation.rows import when
from messaging.protocol import MessageData, ThreadData


class ChipView(msgspec.Struct, frozen=True):
    """How many replies there are, up to where they were counted, when the latest came and who wrote the latest."""

    count: int
    seq: int
    rev: int
    words: str
    last_at: str
    when: str
    people: tuple[Card, ...]

    @property
    def user_ids(self) -> str:
        return " ".join(one.id for one in self.people)


def address(conversation_id: str, root: str) -> str:
    """Of the page of a thread."""
    return reverse("thread", args=[conversation_id, root])


def people_in(messages: Iterable[MessageData]) -> list[str]:
    """Whose faces are at these messages' threads."""
    return [who for one in messages if one.thread for who in one.thread.user_ids]


def chip(known: ThreadData | None, cards: Mapping[UserId, Card]) -> ChipView | None:
    """None where nobody has replied yet, and for a chip to be filled later."""
    if known is None:
        return None
    words = ngettext("%(count)d reply", "%(count)d replies", known.count) % {"count": known.count}
    at = known.last_at or ""
    people = tuple(cards[UserId(one)] for one in known.user_ids)
    return ChipView(
        known.count, known.seq, known.rev, words, at, when(datetime.fromisoformat(at)) if at else "", people
    )


def faced(shown: ChipView | None, cards: Mapping[UserId, Card]) -> ChipView | None:
    """The chip with these cards in place of its own."""
    if shown is None:
        return None
    people: Sequence[Card] = [cards[one.id] for one in shown.people]
    return msgspec.structs.replace(shown, people=tuple(people))
