"""Delivered and read: cursors that only go forward, names that stand once (PROTOCOL.md, "Receipts")."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from pymongo.client_session import ClientSession
from pymongo.errors import AutoReconnect

from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import Invalid
from chatsite.realtime import hub
from chatsite.realtime.publication import Publication
from messaging import access
from messaging.documents import Conversation
from messaging.presentation.timeline import tick
from messaging.repositories import conversations as stored
from messaging.repositories import messages
from messaging.repositories import receipts as written
from messaging.repositories.receipts import Discretion, Marks
from messaging.services import members, receipts
from messaging.services.archive import Entry, take_in
from tests.cast import Cast, acquaint
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


def states(cast: Cast, group: Conversation) -> list[str]:
    """The ticks of ada's messages, as her page has them."""
    me = cast.ada.chat_id
    others = [one for one in members.seats_shown(me, group.id) if one.user_id != me]
    return [tick(message.seq, others) for message in messages.after(group.id, 0, 100)]


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

    def flush(number: int) -> None:
        marks: Marks = {(group.id, one, "read"): 1 + number % 3 for one in people}
        assert not written.advance(marks, Discretion(), now()).rest

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(flush, range(30)))
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
    assert names(group, "read_by") == [[cast.cleo.chat_id, cast.ben.chat_id]] * 4 + [[cast.ben.chat_id]] * 6


def test_nobody_waits_for_someone_who_opens_an_old_conversation(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = acquaint(cast.ada, cast.ben)
    say(cast.ada, other)
    for _ in range(10):
        say(cast.ada, group)
    receipts.mark(cast.cleo.chat_id, group.id, "read", 9)
    monkeypatch.setattr(written, "STRIDE", 3)
    monkeypatch.setattr(written, "NAMES", 9)
    ben, cleo = cast.ben.chat_id, cast.cleo.chat_id
    marks: Marks = {(group.id, ben, "read"): 10, (group.id, cleo, "read"): 10, (other.id, ben, "delivered"): 1}
    step = written.advance(marks, Discretion(), now())
    reached = {(one.user_id, one.conversation_id, one.kind): one.seq for one in step.moved}
    assert reached[cleo, group.id, "read"] == 10
    assert reached[ben, other.id, "delivered"] == 1
    assert reached[ben, group.id, "delivered"] == reached[ben, group.id, "read"] == 3
    assert step.rest == {(group.id, ben, "delivered"): 10, (group.id, ben, "read"): 10}


def test_ten_thousand_unread_messages_are_passed_in_bounded_steps(cast: Cast, group: Conversation) -> None:
    entries = [Entry(str(uuid4()), cast.ada.chat_id, "old", now()) for _ in range(10_000)]
    for start in range(0, len(entries), 1000):
        assert sum(take_in(group.id, entries[start : start + 1000])) == 1000
    marks: Marks = {(group.id, cast.ben.chat_id, "read"): 10_000}
    steps = 0
    while marks:
        step = written.advance(marks, Discretion(), now())
        assert {one.seq - steps * written.STRIDE for one in step.moved} == {written.STRIDE}
        marks, steps = step.rest, steps + 1
    assert steps == 10
    assert cursors(cast, group) == (10_000, 10_000)
    for seq in (1, 1000, 1001, 10_000):
        message = messages.one(group.id, seq)
        assert message and [one.user_id for one in message.read_by] == [cast.ben.chat_id]


def test_one_flush_is_one_transaction_for_any_number_of_conversations(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = acquaint(cast.ada, cast.ben)
    say(cast.ada, private), say(cast.ada, group)
    ben, cleo = cast.ben.chat_id, cast.cleo.chat_id
    marks: Marks = {(private.id, ben, "read"): 1, (group.id, ben, "delivered"): 1, (group.id, cleo, "read"): 1}
    begun: list[ClientSession] = []
    start_session = mongo.client().start_session
    monkeypatch.setattr(mongo.client(), "start_session", lambda: begun.append(start_session()) or begun[-1])
    written.advance(marks, Discretion(), now())
    assert len(begun) == 1
    assert names(private, "read_by") == [[ben]]
    assert sorted(names(group, "delivered_to")[0]) == sorted([ben, cleo])
    assert names(group, "read_by") == [[cleo]]


def test_what_counts_as_a_place_in_the_log(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group)
    with pytest.raises(Invalid):
        receipts.mark(cast.ben.chat_id, group.id, "read", -1)
    receipts.mark(cast.ben.chat_id, group.id, "read", 0)
    assert cursors(cast, group) == (0, 0)
    receipts.mark(cast.ben.chat_id, group.id, "delivered", 2**53)
    assert cursors(cast, group) == (1, 0)


def test_a_second_device_that_is_behind_takes_nothing_back(cast: Cast, group: Conversation) -> None:
    for _ in range(3):
        say(cast.ada, group)
    receipts.mark(cast.ben.chat_id, group.id, "read", 3)
    receipts.mark(cast.ben.chat_id, group.id, "delivered", 2)
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    assert cursors(cast, group) == (3, 3)
    assert names(group, "read_by") == names(group, "delivered_to") == [[cast.ben.chat_id]] * 3


def test_ticks_are_of_those_who_were_there_and_still_are(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group)
    members.add(cast.ada.chat_id, group.id, [cast.dora.chat_id])
    assert states(cast, group) == ["sent"]
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    assert states(cast, group) == ["sent"]  # cleo was there as well
    receipts.mark(cast.cleo.chat_id, group.id, "delivered", 1)
    assert states(cast, group) == ["delivered"]  # dora was not
    members.remove(cast.ada.chat_id, group.id, cast.cleo.chat_id)
    assert states(cast, group) == ["read"]
    say(cast.ada, group)
    assert states(cast, group) == ["read", "sent"]
    receipts.mark(cast.ben.chat_id, group.id, "read", 2)
    assert states(cast, group) == ["read", "sent"]  # now dora is there
    members.leave(cast.dora.chat_id, group.id)
    assert states(cast, group) == ["read", "read"]


def test_who_comes_back_to_a_group_does_not_stand_twice(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group)
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    members.leave(cast.ben.chat_id, group.id)
    members.add(cast.ada.chat_id, group.id, [cast.ben.chat_id])
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    assert names(group, "read_by") == [[cast.ben.chat_id]]


def test_large_conversations_answer_from_the_cursors(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MEMBERS_WITH_NAMES", 2)
    for _ in range(2):
        say(cast.ada, group)
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    receipts.mark(cast.ben.chat_id, group.id, "delivered", 2)
    receipts.mark(cast.cleo.chat_id, group.id, "read", 2)
    assert names(group, "delivered_to") == names(group, "read_by") == [[], []]
    both = {cast.ben.chat_id: None, cast.cleo.chat_id: None}
    assert receipts.of_message(cast.ada.chat_id, group.id, 1) == (both, both)
    assert receipts.of_message(cast.ada.chat_id, group.id, 2) == (both, {cast.cleo.chat_id: None})
    assert states(cast, group) == ["read", "delivered"]


@pytest.mark.parametrize(("fault", "again"), [(AutoReconnect("away"), True), (ValueError("broken"), False)])
def test_what_could_not_be_written_is_tried_again_when_that_may_help(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch, fault: Exception, again: bool
) -> None:
    say(cast.ada, group)
    monkeypatch.setattr(receipts, "PAUSE", 0.0)
    faults = [fault]

    def advance(*given: object) -> written.Step:
        if faults:
            raise faults.pop()
        return real(*given)  # type: ignore[arg-type]

    real = written.advance
    monkeypatch.setattr(written, "advance", advance)
    waiting = receipts.Gatherer()
    monkeypatch.setattr(waiting, "_run", lambda: None)  # only this test flushes
    waiting.add({(group.id, cast.ben.chat_id, "read"): 1})
    waiting.flush()
    assert cursors(cast, group) == (0, 0)
    waiting.flush()
    assert cursors(cast, group) == ((1, 1) if again else (0, 0))


def test_a_conversation_that_cannot_be_written_takes_no_other_along(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = acquaint(cast.ada, cast.ben)
    say(cast.ada, group), say(cast.ada, broken)

    def advance(marks: Marks, *given: object) -> written.Step:
        if any(here == broken.id for here, _user, _kind in marks):
            raise ValueError("broken")
        return real(marks, *given)  # type: ignore[arg-type]

    real = written.advance
    monkeypatch.setattr(written, "advance", advance)
    waiting = receipts.Gatherer()
    monkeypatch.setattr(waiting, "_run", lambda: None)
    waiting.add({(group.id, cast.ben.chat_id, "read"): 1, (broken.id, cast.ben.chat_id, "read"): 1})
    waiting.flush()
    assert cursors(cast, group) == (1, 1)


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
    assert told.receipts is True and not told.skip
    assert told.text.count('"type":"receipt.updated"') == 3  # ben delivered 3; cleo delivered and read 2
    seats = {one.user_id: (one.delivered_seq, one.read_seq) for one in stored.seats(group.id)}
    assert (seats[cast.ben.chat_id], seats[cast.cleo.chat_id]) == ((3, 0), (2, 2))
