"""What happened to a conversation, in words, to stand between its messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.services import people
from accounts.services.people import Card
from chatsite.clock import iso
from chatsite.types import UserId
from messaging.documents import Change

NAMED_MAX = 3  # people in one sentence by their names

WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "created": (_("{who} created the group"), _("You created the group")),
    "renamed": (_("{who} named the group “{name}”"), _("You named the group “{name}”")),
    "described": (_("{who} changed the description"), _("You changed the description")),
    "pictured": (_("{who} changed the picture"), _("You changed the picture")),
    "published": (_("{who} opened the group to everyone"), _("You opened the group to everyone")),
    "hidden": (_("{who} closed the group to others"), _("You closed the group to others")),
    "member_added": (_("{who} added {whom}"), _("You added {whom}")),
    "member_joined": (_("{who} joined"), _("You joined")),
    "member_removed": (_("{who} removed {whom}"), _("You removed {whom}")),
    "member_left": (_("{who} left"), _("You left")),
    "owner": (_("{who} handed the group to {whom}"), _("You handed the group to {whom}")),
    "admin": (_("{who} made {whom} an admin"), _("You made {whom} an admin")),
    "member": (_("{who} made {whom} a member"), _("You made {whom} a member")),
}
"""By kind: the sentence about somebody else, and the one about the viewer."""


class HappeningView(msgspec.Struct, frozen=True, kw_only=True):
    """A line between messages: it stands after the one at `at_seq`."""

    at_seq: int
    rev: int
    moment: datetime
    text: SafeString

    @property
    def html(self) -> SafeString:
        at = iso(self.moment)
        drawn = '<li class="happening" data-rev="{}" data-after="{}" data-at="{}"><span dir="auto">{}</span> '
        clock = '<time datetime="{}">{}</time></li>'
        local = f"{timezone.localtime(self.moment):%H:%M}"
        return format_html(drawn + clock, self.rev, self.at_seq, at, self.text, at, local)


def views(changes: Sequence[Change], me: UserId) -> list[HappeningView]:
    """These changes as this viewer is told of them, in order. Nothing is asked where there are none."""
    cards = people.cards({one for change in changes for one in _concerned(change)}) if changes else {}
    return [
        HappeningView(at_seq=one.at_seq or 0, rev=one.rev, moment=one.created_at, text=_sentence(one, me, cards))
        for one in changes
    ]


def _concerned(change: Change) -> list[UserId]:
    return [UserId(change.actor_id), *_whom(change)]


def _whom(change: Change) -> list[UserId]:
    one = change.details.get("user_id")
    return [UserId(who) for who in change.details.get("user_ids", [one] if one else [])]


def _sentence(change: Change, me: UserId, cards: Mapping[UserId, Card]) -> SafeString:
    others, own = WORDS[_kind(change)]
    words = str(own if change.actor_id == me else others)
    return format_html(
        words,
        who=_name(UserId(change.actor_id), me, cards),
        whom=_names(_whom(change), me, cards),
        name=_isolated(str(change.details.get("name", ""))),
    )


def _kind(change: Change) -> str:
    """The sentence for a change. Who lets themself in was added by nobody."""
    details: dict[str, Any] = change.details
    if change.kind == "member_added" and _whom(change) == [change.actor_id]:
        return "member_joined"
    if change.kind == "role_changed":
        return str(details["role"])
    return "hidden" if change.kind == "published" and not details["public"] else change.kind


def _names(them: Sequence[UserId], me: UserId, cards: Mapping[UserId, Card]) -> SafeString:
    shown = [_name(one, me, cards) for one in them[:NAMED_MAX]]
    if more := len(them) - len(shown):
        words = ngettext("{names} and {count} other", "{names} and {count} others", more)
        return format_html(words, names=_listed(shown), count=more)
    if len(shown) < 2:
        return _listed(shown)
    return format_html(gettext("{names} and {last}"), names=_listed(shown[:-1]), last=shown[-1])


def _listed(names: Sequence[SafeString]) -> SafeString:
    return format_html_join(gettext(", "), "{}", ((one,) for one in names))


def _name(one: UserId, me: UserId, cards: Mapping[UserId, Card]) -> SafeString:
    return _isolated(gettext("you") if one == me else cards[one].display_name)


def _isolated(name: str) -> SafeString:
    """A name in a sentence of another direction must not turn its words around."""
    return format_html("<bdi>{}</bdi>", name)
