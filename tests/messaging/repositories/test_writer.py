"""The one way into the log: dense, in order, once, whatever happens at the same moment (PROTOCOL.md, "The log")."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any
from uuid import uuid4

import pytest
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect

from chatsite.errors import Invalid, Unavailable
from chatsite.types import ObjectId, UserId
from messaging.documents import Message
from messaging.repositories import insertion, messages
from messaging.repositories.drafts import Draft
from messaging.repositories.writer import CROWD, ENOUGH, Outcome, Writer

pytestmark = pytest.mark.mongo

ADA, BEN = (UserId(f"00000000-0000-4000-8000-00000000000{number}") for number in (1, 2))
HERE = ObjectId("0" * 23 + "1")


class Room:
    """A writer with what it announced."""

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.writer = Writer(self.told.extend)


@pytest.fixture
def room() -> Room:
    return Room()


def draft(text: str, sender: UserId = ADA, client_id: str | None = None, here: ObjectId = HERE) -> Draft:
    return Draft(conversation_id=here, sender_id=sender, client_id=client_id or str(uuid4()), content=text)


def log(here: ObjectId = HERE) -> list[Message]:
    found = messages.after(here, 0, 10_000)
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    return found


def offer(room: Room, drafts: list[Draft]) -> list[Outcome]:
    """Offers all at once, and waits for what became of each."""
    outcomes: list[Outcome] = []
    came = threading.Semaphore(0)
    with room.writer._wake:
        for one in drafts:
            room.writer._waiting.append((one, lambda outcome: (outcomes.append(outcome), came.release())))
        room.writer._rouse()
    for _ in drafts:
        assert came.acquire(timeout=10)
    return outcomes


def by_sender(found: list[Message]) -> dict[str, list[str]]:
    ordered = sorted(found, key=lambda one: one.sender_id)  # a stable sort: the order of the log stays
    return {sender: [one.content for one in own] for sender, own in groupby(ordered, lambda one: one.sender_id)}


def test_messages_stand_in_the_order_they_came(room: Room) -> None:
    there = ObjectId()
    for number in range(20):
        assert room.writer.append_and_wait(draft(f"{number}")).message.seq == number + 1
        room.writer.append_and_wait(draft(f"{number}", here=there))
    assert [one.content for one in log()] == [one.content for one in log(there)] == [f"{n}" for n in range(20)]
    assert [one for one in room.told if one.conversation_id == HERE] == log()


def test_a_burst_is_one_batch_and_keeps_its_order(room: Room) -> None:
    outcomes = room.writer.store([draft(f"{number}") for number in range(500)])
    assert [one.message for one in outcomes] == log() == room.told
    assert [one.content for one in log()] == [f"{number}" for number in range(500)]


def test_after_a_crowd_the_next_write_waits_until_it_is_worth_it(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    insert = insertion.insert

    def counting(laid: list[Message]) -> object:
        sizes.append(len(laid))
        return insert(laid)

    monkeypatch.setattr(insertion, "insert", counting)
    monkeypatch.setattr("messaging.repositories.writer.GATHER", 30.0)
    room.writer.store([draft(f"{number}") for number in range(CROWD)])
    came = threading.Semaphore(0)
    for number in range(ENOUGH):
        room.writer.append(draft(f"{number}"), lambda _: came.release())
    for _ in range(ENOUGH):
        assert came.acquire(timeout=10)
    assert sizes == [CROWD, ENOUGH]


def test_the_same_send_is_stored_once_for_ever(room: Room) -> None:
    again = str(uuid4())
    first = room.writer.append_and_wait(draft("hello", client_id=again))
    room.writer.append_and_wait(draft("something else"))
    for writer in (
        room.writer,
        Writer(room.told.extend),
    ):  # the second one has forgotten everything, as after a restart
        repeated = writer.append_and_wait(draft("another text", client_id=again))
        assert (repeated.created, repeated.message) == (False, first.message)
    assert [one.content for one in log()] == ["hello", "something else"] == [one.content for one in room.told]


def test_a_client_id_belongs_to_its_sender_and_conversation(room: Room) -> None:
    same, there = str(uuid4()), ObjectId()
    for sender, here in ((ADA, HERE), (BEN, HERE), (ADA, there)):
        assert room.writer.append_and_wait(draft("hello", sender, same, here)).created
    assert (len(log()), len(log(there))) == (2, 1)


def test_the_same_send_from_many_threads_and_writers_is_one_message() -> None:
    rooms, same = [Room() for _ in range(4)], str(uuid4())
    for one in rooms:
        one.writer.append_and_wait(draft("before"))
    with ThreadPoolExecutor(16) as pool:
        sent = [pool.submit(rooms[n % 4].writer.append_and_wait, draft("once", client_id=same)) for n in range(32)]
        answers = [one.result() for one in sent]
    assert {one.message.id for one in answers} == {one.id for one in log() if one.content == "once"}
    assert len({one.message.seq for one in answers}) == 1
    assert sum(one.created for one in answers) == 1
    assert [one.content for room in rooms for one in room.told].count("once") == 1


def test_two_writers_who_fight_for_one_conversation_stay_dense_and_in_order() -> None:
    rooms = {ADA: Room(), BEN: Room()}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: recite(rooms[who].writer, who), rooms))
    wanted = [f"{number}" for number in range(150)]
    assert by_sender(log()) == {ADA: wanted, BEN: wanted}


def recite(writer: Writer, who: UserId) -> None:
    for first in range(0, 150, 5):
        writer.store([draft(f"{number}", who) for number in range(first, first + 5)])


def test_who_came_second_is_announced_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """It finds the other's message when its own is refused, before it hears of it."""
    monkeypatch.setattr("messaging.repositories.writer.HEAR_WITHIN", 10.0)
    order: list[str] = []
    ours, theirs = Writer(lambda batch: order.append("ours")), Room()
    ours.append_and_wait(draft("before"))
    theirs.writer.append_and_wait(draft("theirs"))

    def hear() -> None:
        order.append("theirs")
        ours.heard({HERE: 2})

    late = threading.Timer(0.2, hear)
    late.start()
    assert ours.append_and_wait(draft("ours")).message.seq == 3
    assert order == ["ours", "theirs", "ours"]


def test_who_never_stops_keeps_nobody_out() -> None:
    """Both hear nothing of each other, so each insert of one meets those of the other."""
    loud, quiet, over = Room(), Room(), threading.Event()

    def go_on() -> int:
        said = 0
        while not over.is_set():
            loud.writer.store([draft(f"{number}", ADA) for number in range(said, said + 10)])
            said += 10
        return said

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(go_on)
        try:
            for number in range(30):
                quiet.writer.append_and_wait(draft(f"{number}", BEN))
        finally:
            over.set()
    assert by_sender(log()) == {ADA: [f"{n}" for n in range(going.result())], BEN: [f"{n}" for n in range(30)]}


def test_who_lost_a_place_bears_only_their_own_faults(room: Room) -> None:
    """The drafts after a lost place go together: one that was stored before and one the validator refuses are among
    them."""
    room.writer.append_and_wait(draft("before"))
    same = str(uuid4())
    other = Room()
    other.writer.append_and_wait(draft("elsewhere", client_id=same))
    drafts = [draft("one"), draft("again", client_id=same), draft("two"), draft("x" * 10_001), draft("three")]
    outcomes = offer(room, drafts)
    assert [one.content for one in log()] == ["before", "elsewhere", "one", "two", "three"]
    assert sum(isinstance(one, Invalid) for one in outcomes) == 1
    assert [one.content for one in room.told] == ["before", "one", "two", "three"]


def test_a_writer_that_hears_of_another_is_not_refused(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.writer.append_and_wait(draft("before"))
    other = Room().writer.append_and_wait(draft("elsewhere")).message
    room.writer.heard({HERE: other.seq})
    monkeypatch.setattr(insertion, "append_after_head", None)  # must not be needed
    assert room.writer.append_and_wait(draft("after")).message.seq == other.seq + 1


IN_ANOTHER_PROCESS = """
import sys
import threading
from messaging.repositories.writer import Writer
from tests.messaging.repositories.test_writer import HERE, draft
writer = Writer(lambda batch: None)
for first in range(0, 300, 5):
    writer.store([draft(str(number), sys.argv[1]) for number in range(first, first + 5)])
"""


def test_two_processes_stay_dense_and_in_order() -> None:
    started = [subprocess.Popen([sys.executable, "-c", IN_ANOTHER_PROCESS, who]) for who in (ADA, BEN)]
    assert [one.wait(60) for one in started] == [0, 0]
    wanted = [f"{number}" for number in range(300)]
    assert by_sender(log()) == {ADA: wanted, BEN: wanted}


@pytest.fixture
def inserts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[], None]]]:
    """What happens after the next inserts of messages were carried out, one call each."""
    afterwards: list[Callable[[], None]] = []
    real = Collection.insert_many

    def insert_many(self: Collection[Any], *args: Any, **options: Any) -> Any:
        done = real(self, *args, **options)
        if self.name == "messages" and afterwards:
            afterwards.pop(0)()
        return done

    monkeypatch.setattr(Collection, "insert_many", insert_many)
    yield afterwards


def lose_the_answer() -> None:
    raise AutoReconnect("the primary went away")


def test_a_write_whose_answer_was_lost_is_found_again_and_announced_once(
    room: Room, inserts: list[Callable[[], None]]
) -> None:
    room.writer.append_and_wait(draft("before"))
    same = str(uuid4())
    inserts.append(lose_the_answer)
    with pytest.raises(Unavailable):
        room.writer.append_and_wait(draft("hello", client_id=same))
    assert [one.content for one in room.told] == ["before"]
    repeated = room.writer.append_and_wait(draft("hello", client_id=same))
    assert (repeated.created, repeated.message.seq) == (True, 2)
    assert room.writer.append_and_wait(draft("hello", client_id=same)).created is False
    assert room.told == log()


def test_after_a_failure_the_log_goes_on_without_a_hole(room: Room, inserts: list[Callable[[], None]]) -> None:
    inserts.append(lose_the_answer)
    with pytest.raises(Unavailable):
        room.writer.store([draft("one"), draft("two")])
    assert room.writer.append_and_wait(draft("three")).message.seq == 3
    assert [one.content for one in log()] == ["one", "two", "three"]


def test_what_was_stored_before_a_failure_is_told(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    same = str(uuid4())
    Room().writer.append_and_wait(draft("earlier", client_id=same))
    monkeypatch.setattr(messages, "by_client_id", lambda *key: None)  # not known to the majority yet
    with pytest.raises(Unavailable):
        room.writer.store([draft("fresh"), draft("earlier", client_id=same)])
    room.writer.append_and_wait(draft("afterwards"))
    assert [one.content for one in room.told] == ["fresh", "afterwards"]
    assert [one.content for one in log()] == ["earlier", "fresh", "afterwards"]


def test_an_announcement_that_fails_fails_no_sender() -> None:
    def fail(batch: list[Message]) -> None:
        raise RuntimeError("nobody listens")

    writer = Writer(fail)
    assert [writer.append_and_wait(draft("hello")).message.seq for _ in range(2)] == [1, 2]


def test_a_draft_the_validator_refuses_hinders_nobody(room: Room) -> None:
    drafts = [draft("before"), draft("x" * 10_001), draft("after"), draft("and after")]
    outcomes = offer(room, drafts)
    assert [isinstance(one, Invalid) for one in outcomes] == [False, True, False, False]
    assert [one.content for one in log()] == ["before", "after", "and after"]
    assert [one.seq for one in room.told] == [1, 2, 3]
