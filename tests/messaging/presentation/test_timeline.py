"""A page of messages as one person sees it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from chatsite.types import ObjectId
from messaging.documents import Membership, Message
from messaging.presentation.timeline import day_words, draw_page, follows, items, tick
from tests.cast import Cast

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CONVERSATION = ObjectId()


def message(seq: int, sender: User, minutes: float, content: str = "Hello", **more: object) -> Message:
    at = NOON + timedelta(minutes=minutes)
    fields = {"id": ObjectId(), "client_id": str(sender.pk), "created_at": at, "updated_at": at} | more
    return Message(conversation_id=CONVERSATION, seq=seq, sender_id=sender.chat_id, content=content, **fields)


def seat(user: User, *, read: int = 0, delivered: int = 0, joined: int = 0) -> Membership:
    return Membership(
        id=ObjectId(),
        conversation_id=CONVERSATION,
        user_id=user.chat_id,
        role="member",
        joined_seq=joined,
        delivered_seq=delivered,
        read_seq=read,
        joined_at=NOON,
    )


def kinds(messages: list[Message], me: User, read_seq: int | None = None) -> list[str]:
    return [one.kind for one in items(messages, me.chat_id, [], read_seq)]


@pytest.mark.parametrize(
    ("minutes", "same_author", "expected"), [(4.9, True, True), (5, True, False), (1, False, False), (-4, True, True)]
)
def test_messages_of_one_author_within_five_minutes_are_one_group(
    cast: Cast, minutes: float, same_author: bool, expected: bool
) -> None:
    first = message(1, cast.ada, 0)
    assert follows(first, message(2, cast.ada if same_author else cast.ben, minutes)) is expected


def test_each_day_has_its_heading(cast: Cast) -> None:
    page = [message(1, cast.ada, 0), message(2, cast.ada, 1), message(3, cast.ada, 24 * 60)]
    assert kinds(page, cast.ada) == ["day", "message", "message", "day", "message"]


def test_a_group_does_not_reach_over_midnight(cast: Cast) -> None:
    page = [message(1, cast.ada, 719), message(2, cast.ada, 721)]
    assert kinds(page, cast.ben) == ["day", "message", "day", "message"]
    assert "follows" not in items(page, cast.ben.chat_id, [], None)[3].text


def test_the_line_stands_above_the_first_unread_of_others(cast: Cast) -> None:
    page = [message(1, cast.ben, 0), message(2, cast.ada, 1), message(3, cast.ben, 2), message(4, cast.ben, 3)]
    assert kinds(page, cast.ada, read_seq=1) == ["day", "message", "message", "new", "message", "message"]
    assert kinds(page, cast.ada, read_seq=4) == ["day", *["message"] * 4]
    assert "new" not in kinds(page[1:2], cast.ada, read_seq=0)  # one's own is never new


def test_below_the_line_a_group_begins_anew(cast: Cast) -> None:
    page = [message(1, cast.ben, 0), message(2, cast.ben, 1)]
    assert 'class="message hue-' in items(page, cast.ada.chat_id, [], 1)[3].text
    assert "follows" not in items(page, cast.ada.chat_id, [], 1)[3].text
    assert "follows" in items(page, cast.ada.chat_id, [], 2)[2].text


def test_ticks_wait_for_every_member_who_was_there(cast: Cast) -> None:
    assert tick(5, []) == "sent"
    assert tick(5, [seat(cast.ben, read=5, delivered=5), seat(cast.cleo, delivered=4)]) == "sent"
    assert tick(5, [seat(cast.ben, read=5, delivered=5), seat(cast.cleo, delivered=5)]) == "delivered"
    assert tick(5, [seat(cast.ben, read=7, delivered=7), seat(cast.cleo, read=5, delivered=5)]) == "read"
    late = seat(cast.cleo, joined=5, read=5, delivered=5)
    assert tick(5, [late]) == "sent"  # was not there
    assert tick(5, [late, seat(cast.ben, delivered=5)]) == "delivered"


def test_only_ones_own_messages_carry_ticks(cast: Cast) -> None:
    html = draw_page(
        [message(1, cast.ada, 0), message(2, cast.ben, 1)], cast.ada.chat_id, [seat(cast.ben, delivered=1)]
    )
    mine, other = re.findall(r"<li.*?</li>", html, re.S)
    assert 'data-state="delivered"' in mine and " mine" in mine and 'aria-label="Delivered"' in mine
    assert re.search(r'<button class="ticks"[^>]* hidden', other)


def test_days_are_named_as_people_name_them() -> None:
    today = timezone.localdate()
    assert day_words(today) == "Today"
    assert day_words(today - timedelta(days=1)) == "Yesterday"
    assert day_words(NOON.date().replace(year=2004)) == "Tuesday, 2 March 2004"
