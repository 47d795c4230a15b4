"""The list of conversations, as one person sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import policy
from accounts.policy import Facts
from accounts.services import faces, facts, people
from accounts.services.people import Card
from chatsite.clock import iso, now
from chatsite.realtime import presence
from chatsite.types import UserId
from messaging.documents import PREVIEW_MAX, Conversation, Membership

BADGE_MAX = 99


class Row(Protocol):
    """What the list is made from: a conversation, and how many messages of others in it are unread."""

    @property
    def conversation(self) -> Conversation: ...
    @property
    def membership(self) -> Membership: ...
    @property
    def unread(self) -> int: ...
    @property
    def answered(self) -> bool: ...


class RowView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in the list."""

    id: str
    kind: str
    title: str
    face: Card
    partner_id: str
    presence: str
    preview: str
    draft: str
    at: str
    when: str
    unread: int
    last_seq: int
    read_seq: int
    current: bool
    muted: bool
    pinned: bool
    archived: bool
    marked: bool

    @property
    def badge(self) -> str:
        return f"{BADGE_MAX}+" if self.unread > BADGE_MAX else str(self.unread)


def rows(
    found: Sequence[Row],
    me: UserId,
    current: str = "",
    search: str = "",
    known: Mapping[UserId, Facts] = facts.UNKNOWN,
) -> list[RowView]:
    """The rows in the order given; with `search` only those whose title has it, in any letter case."""
    partners = {one: partner(row.conversation, me) for one, row in enumerate(found)}
    between = facts.completed(known, me, {one for one in partners.values() if one})
    cards = faces.seen(people.cards(between), between)
    met = {one for at, one in partners.items() if one and found[at].answered}
    online = presence.online(one for one in met if sees_here(between[one]))
    away = policy.blocking([me])[me]
    drawn = (_row(row, partners[at], cards, online, current, away) for at, row in enumerate(found))
    return [one for one in drawn if search.casefold() in one.title.casefold()]


def sees_here(between: Facts) -> bool:
    """Whether two who share a conversation see each other's presence."""
    return policy.see_presence(between.sharing("fellow")) == policy.YES


def partner(conversation: Conversation, me: UserId) -> UserId | None:
    """The other one of a private conversation."""
    others: Iterable[str] = conversation.participants if conversation.type == "private" else ()
    return next((UserId(one) for one in others if one != me), None)


def face(conversation: Conversation, other: Card | None) -> Card:
    """Who or what a conversation shows itself as: the other person, or the group itself."""
    if other is not None:
        return other
    name = conversation.name or (_("Unnamed group") if conversation.type == "group" else _("Deleted person"))
    return Card(UserId(str(conversation.id)), "", name, conversation.avatar_url)


def _row(
    row: Row,
    other: UserId | None,
    cards: Mapping[UserId, Card],
    online: Collection[UserId],
    current: str,
    away: Collection[str],
) -> RowView:
    conversation = row.conversation
    shown = face(conversation, cards.get(other) if other else None)
    at = conversation.last_message_at or conversation.created_at
    preview = conversation.last_message_preview or ""
    return RowView(
        id=str(conversation.id),
        kind=conversation.type,
        title=shown.display_name,
        face=shown,
        partner_id=other or "",
        presence=("online" if other in online else "offline") if other else "",
        preview=_("Blocked message") if conversation.last_sender_id in away else preview,
        draft=begun(row.membership),
        at=iso(at),
        when=when(at),
        unread=row.unread,
        last_seq=conversation.last_seq,
        read_seq=row.membership.read_seq,
        current=str(conversation.id) == current,
        **arranged(conversation, row.membership),
    )


def begun(membership: Membership) -> str:
    """How a draft begins, in one line; "" where there is none."""
    return " ".join(membership.draft.text[: 2 * PREVIEW_MAX].split())[:PREVIEW_MAX] if membership.draft else ""


def arranged(conversation: Conversation, seat: Membership) -> dict[str, bool]:
    """How somebody has the conversation in their list."""
    moment = now()
    return {
        "muted": seat.muted(moment),
        "pinned": seat.pinned_at is not None,
        "archived": seat.archived(conversation.last_seq, moment),
        "marked": bool(seat.marked_unread),
    }


def when(moment: datetime) -> str:
    """Short: the time of today, the day of the last week, else the date."""
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M}"
    if today - local.date() < timedelta(days=7):
        return date_format(local, "D")
    form = pgettext("form of a date", "j M") if local.year == today.year else pgettext("form of a date", "j M Y")
    return date_format(local, form)
