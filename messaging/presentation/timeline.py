"""A page of a conversation as one person sees it: days, the line above what is new, groups, ticks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import policy
from accounts.policy import Facts
from accounts.services import facts
from chatsite.types import UserId
from messaging.documents import Change, Membership, Message
from messaging.presentation import happenings
from messaging.presentation.happenings import HappeningView
from messaging.presentation.message import MessageView, Place, draw, seen_by, views
from messaging.protocol import message_data

GROUP = timedelta(minutes=5)  # messages of one author closer than this stand under one name


class Item(msgspec.Struct, frozen=True):
    """One entry of the list: a "day" with its words, the "new" line, or a "message" or "happening" with its HTML."""

    kind: str
    text: str | SafeString = ""
    day: str = ""  # ISO date


def items(
    messages: Sequence[Message],
    me: UserId,
    others: Sequence[Membership],
    read_seq: int | None,
    known: Mapping[UserId, Facts] = facts.UNKNOWN,
    happened: Sequence[Change] = (),
    place: Place = "log",
) -> list[Item]:
    """The list, top to bottom. `others` are the other members; `read_seq` None draws no "new" line; what `happened`
    stands between the messages."""
    return list(_items(messages, me, others, read_seq, known, happened, place))


def draw_page(
    messages: Sequence[Message],
    me: UserId,
    others: Sequence[Membership],
    happened: Sequence[Change] = (),
    place: Place = "log",
) -> str:
    """Only the messages and what happened between them, as HTML one after the other."""
    shown = items(messages, me, others, None, happened=happened, place=place)
    return "\n".join(one.text for one in shown if one.kind in ("message", "happening"))


def _items(
    messages: Sequence[Message],
    me: UserId,
    others: Sequence[Membership],
    read_seq: int | None,
    known: Mapping[UserId, Facts],
    happened: Sequence[Change],
    place: Place,
) -> Iterator[Item]:
    previous: Message | None = None
    last_day: date | None = None
    announced = read_seq is None
    away = policy.blocking([me])[me]
    messages = [one for one in messages if not one.hidden_for]
    shown = iter(seen_by(me, views([message_data(one) for one in messages]), away, known))
    for one in _merged(messages, happenings.views(happened, me)):
        if last_day != (last_day := _day(one)):
            yield Item("day", day_words(last_day), last_day.isoformat())
            previous = None
        if isinstance(one, HappeningView):
            previous = None
            yield Item("happening", one.html)
            continue
        if not announced and one.sender_id != me and one.seq > (read_seq or 0):
            announced, previous = True, None
            yield Item("new")
        folded = one.sender_id in away
        yield Item("message", _drawn(next(shown), one, previous, me, others, folded=folded, place=place))
        previous = None if place == "log" and one.thread_id else one


def _merged(messages: Sequence[Message], told: Sequence[HappeningView]) -> Iterator[Message | HappeningView]:
    """The messages, each followed by what happened after it."""
    waiting = deque(told)
    for message in messages:
        while waiting and waiting[0].at_seq < message.seq:
            yield waiting.popleft()
        yield message
    yield from waiting


def _drawn(
    view: MessageView,
    message: Message,
    previous: Message | None,
    me: UserId,
    others: Sequence[Membership],
    *,
    folded: bool,
    place: Place,
) -> SafeString:
    mine = message.sender_id == me
    return draw(
        view,
        mine=mine,
        follows=follows(previous, message),
        state=tick(message.seq, others) if mine else "",
        clock=f"{_local(message.created_at):%H:%M}",
        folded=folded,
        viewer=me,
        place=place,
    )


def follows(previous: Message | None, message: Message) -> bool:
    """Whether a message stands under the name of the one before it."""
    if previous is None or previous.sender_id != message.sender_id:
        return False
    return abs(message.created_at - previous.created_at) < GROUP


def tick(seq: int, others: Sequence[Membership]) -> str:
    """ "sent", "delivered" or "read": by every other member who was there at `seq`. With nobody there, it is sent."""
    there = [one for one in others if one.joined_seq < seq]
    if there and all(one.read_seq >= seq for one in there):
        return "read"
    return "delivered" if there and all(one.delivered_seq >= seq for one in there) else "sent"


def day_words(day: date) -> str:
    """A date as people say it: "Today", "Yesterday", the day of the week, and the year when it is another one."""
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    form = pgettext("form of a date", "l, j F") if day.year == today.year else pgettext("form of a date", "l, j F Y")
    return date_format(day, form)


def _day(one: Message | HappeningView) -> date:
    return _local(one.moment if isinstance(one, HappeningView) else one.created_at).date()


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)
