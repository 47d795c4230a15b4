"""What others said to a message with one sign, and who did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import ngettext

from accounts.services.people import Card
from chatsite.types import UserId

NAMES_MAX = 20  # people named at one emoji


class ReactionView(msgspec.Struct, frozen=True):
    """An emoji, who set it, how they are called, and whether the viewer is one of them."""

    emoji: str
    user_ids: list[str]
    names: str
    mine: bool


def named(reactions: Iterable[dict[str, Any]]) -> list[UserId]:
    """Whose names are shown."""
    return [UserId(who) for one in reactions for who in one["user_ids"][:NAMES_MAX]]


def views(reactions: Sequence[dict[str, Any]], cards: Mapping[UserId, Card], viewer: str) -> list[ReactionView]:
    """The reactions of a message, in the order in which they came."""
    return [
        ReactionView(one["emoji"], one["user_ids"], _names(one["user_ids"], cards), viewer in one["user_ids"])
        for one in reactions
    ]


def _names(user_ids: Sequence[str], cards: Mapping[UserId, Card]) -> str:
    names = [cards[UserId(one)].display_name for one in user_ids[:NAMES_MAX]]
    if more := len(user_ids) - len(names):
        names.append(ngettext("%(count)d other", "%(count)d others", more) % {"count": more})
    return ", ".join(names)
