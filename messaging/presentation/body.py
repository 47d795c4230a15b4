"""What a message says, as HTML: with the people it names as they are called now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.services.people import Card
from messaging import markup

ADDRESSES_KEPT = 4096
ALL = "all"
_ALL = '<span class="mention mention-all">@{}</span>'
_PERSON = '<a class="mention{}" href="{}" data-user-id="{}">@<bdi>{}</bdi></a>'
_FORMER = '<span class="mention">@<bdi>{}</bdi></span>'


def body(content: str, meant: Sequence[Card] = (), viewer: str = "") -> SafeString:
    """The text of a message as safe HTML. `meant` are those it names, in the order of their names in it; the mention of
    the `viewer`, by id, is marked as theirs."""
    parts = markup.render(content).parts
    if len(parts) == 1:
        return mark_safe(parts[0])  # noqa: S308  nh3 let it through, or it is escaped
    cards = _by_name(parts[1::2], meant)
    drawn = (_mention(part, cards, viewer) if place % 2 else part for place, part in enumerate(parts))
    return mark_safe("".join(drawn))  # noqa: S308  as above, or made by format_html


@lru_cache(maxsize=ADDRESSES_KEPT)
def address(username: str) -> str:
    """Of a person's page; "" for who is gone."""
    return reverse("person", args=[username]) if username else ""


def _by_name(names: Sequence[str], meant: Sequence[Card]) -> dict[str, Card]:
    """Who is meant by each name, in lower case. People may be called otherwise by now: those whose name is not in the
    text any more stand for the names that nobody has, in their order; where that leaves a doubt, for none."""
    asked = list(dict.fromkeys(one.casefold() for one in names if one.casefold() != ALL))
    known = {card.username.casefold(): card for card in meant}
    found = {one: known[one] for one in asked if one in known}
    nameless = [card for card in meant if card.username.casefold() not in found]
    open_names = [one for one in asked if one not in found]
    if len(nameless) == len(open_names):
        found |= zip(open_names, nameless, strict=True)
    return found


def _mention(name: str, cards: dict[str, Card], viewer: str) -> str:
    if name.casefold() == ALL:
        return format_html(_ALL, name)
    card = cards.get(name.casefold())
    if card is None:
        return f"@{name}"
    if not card.username:
        return format_html(_FORMER, card.display_name)
    own = " mention-own" if card.id == viewer else ""
    return format_html(_PERSON, own, address(card.username), card.id, card.display_name)
