"""Delivered and read: cursors that only go forward, names that stand once (PROTOCOL.md, "Receipts")."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chatsite.realtime import hub
from chatsite.realtime.hub import Publication
from messaging import access
from messaging.documents import Conversation
from messaging.repositories import conversations as stored
from messaging.repositories import messages
from messaging.repositories import receipts as written
from messaging.services import members, receipts
from tests.cast import Cast
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Publication]]:
    """What was published."""
    told: list[Publication] = []
    monkeypatch.setattr(hub.hub, "publish", lambda *publications: told.extend(publications))
    yield told


def cursors(cast: Cast, group: Conversation) -> tuple[int, int]:
    seat = access.conversation(cast.ben.chat_id, group.id).membership
    return seat.delivered_seq, seat.read_seq


def names(group: Conversation, array: str) -> list[list[str]]:
    return [[one.user_id for one in getattr(message, array)] for message in messages.after(group.id, 0, 100)]


def test_reading_is_delivery_too_and_goes_only_forward(cast: Cast, group: Conversation) -> None:
    for _ in range(3):
        say(cast.ada, group)
    ben = cast.ben.chat_id
    receipts.mark(ben, group.id, "delivered", 2)
    assert cursors(cast, group) == (2, 0)
    receipts.mark(ben, group.id, "read", 1)
    assert cursors(cast, group) == (2, 1)
    receipts.mark(ben, group.id, "read", 99)
    assert cursors(cast, group) == (3, 3)  # the head, not what was claimed
    receipts.mark(ben, group.id, "read", 1)
    assert cursors(cast, group) == (3, 3)
    assert names(group, "delivered_to") == names(group, "read_by") == [[ben]] * 3


def test_everyone_stands_once_however_often_and_at_once_they_say_so(cast: Cast, group: Conversation) -> None:
    for _ in range(3):
        say(cast.ada, group)
    people = [cast.ben.chat_id, cast.cleo.chat_id]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: receipts.mark(people[n % 2], group.id, "read", 1 + n % 3), range(18)))
    for array in ("delivered_to", "read_by"):
        assert [sorted(one) for one in names(group, array)] == [sorted(people)] * 3


def test_nobody_receives_their_own_messages(cast: Cast, group: Conversation) -> None:
    say(cast.ben, group)
    say(cast.ada, group)
    receipts.mark(cast.ben.chat_id, group.id, "read", 2)
    assert names(group, "read_by") == [[], [cast.ben.chat_id]]


def test_who_came_later_does_not_count(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group)
    members.add(cast.ada.chat_id, group.id, [cast.dora.chat_id])
    receipts.mark(cast.dora.chat_id, group.id, "read", 1)
    assert names(group, "read_by") == [[]]
    assert receipts.of_message(cast.ada.chat_id, group.id, 1) == ({}, {})


def test_a_long_way_is_gone_in_strides(cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "STRIDE", 3)
    for _ in range(10):
        say(cast.ada, group)
    receipts.mark(cast.cleo.chat_id, group.id, "read", 4)
    receipts.mark(cast.ben.chat_id, group.id, "read", 10)
    assert cursors(cast, group) == (10, 10)
    assert [cast.ben.chat_id in one for one in names(group, "read_by")] == [True] * 10


def test_what_was_noted_is_written_together_and_told_once(
    cast: Cast, group: Conversation, events: list[Publication]
) -> None:
    for _ in range(3):
        say(cast.ada, group)
    events.clear()
    for seq in (1, 3, 2):
        receipts.note(cast.ben.chat_id, group.id, "delivered", seq)
    receipts.note(cast.cleo.chat_id, group.id, "read", 2)
    deadline = time.monotonic() + 5
    while not events and time.monotonic() < deadline:
        time.sleep(0.02)
    (told,) = events
    assert told.kind == "receipt.updated"
    assert told.text.count('"type":"receipt.updated"') == 3  # ben delivered 3; cleo delivered and read 2
    seats = {one.user_id: (one.delivered_seq, one.read_seq) for one in stored.seats(group.id)}
    assert (seats[cast.ben.chat_id], seats[cast.cleo.chat_id]) == ((3, 0), (2, 2))
