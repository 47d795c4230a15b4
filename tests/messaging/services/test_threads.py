"""Threads: replies are messages of the log, and the message they are under counts them, whatever happens meanwhile."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from pymongo.errors import PyMongoError

from accounts.models import User
from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import Conflict, NotFound
from chatsite.types import ObjectId
from messaging.documents import Conversation, Message, Thread
from messaging.repositories import threads as counting
from messaging.repositories.projector import projector
from messaging.services import amendments, archive, conversations, messages, threads
from messaging.services.archive import Entry
from tests.cast import Cast
from tests.messaging.conftest import group, say

__all__ = ["group"]
pytestmark = pytest.mark.mongo


def reply(who: User, root: Message, text: str = "so do I", client_id: object = None) -> Message:
    key = client_id or uuid4()
    return messages.send(who.chat_id, root.conversation_id, key, text, thread_id=root.id).message  # type: ignore[arg-type]


def delete(who: User, message: Message) -> int:
    return amendments.delete(who.chat_id, message.id, uuid4()).change.rev


def counted(who: User, root: Message) -> Thread | None:
    projector.flush()
    return messages.one(who.chat_id, root.id).thread


@pytest.fixture
def root(cast: Cast, group: Conversation) -> Message:  # noqa: F811
    return say(cast.ada, group, "who comes?")


def test_a_reply_is_a_message_of_the_log_and_stands_for_its_thread(cast: Cast, root: Message) -> None:
    first = reply(cast.ben, root)
    below = reply(cast.cleo, first)
    assert (first.seq, below.seq) == (2, 3)
    assert first.thread_id == below.thread_id == root.id


def test_what_begins_no_thread_here(cast: Cast, root: Message) -> None:
    elsewhere = say(cast.ada, conversations.create_group(cast.ada.chat_id, "Elsewhere", []))
    for foreign in (elsewhere.id, ObjectId()):
        with pytest.raises(NotFound):
            messages.send(cast.ada.chat_id, root.conversation_id, uuid4(), "no", thread_id=foreign)
    key = uuid4()
    stored = reply(cast.ben, root, client_id=key)
    delete(cast.ada, root)
    with pytest.raises(Conflict):
        reply(cast.ben, root)
    assert reply(cast.ben, root, client_id=key).id == stored.id  # whoever missed the answer still gets it


def test_the_root_counts_its_replies_and_knows_the_latest(cast: Cast, root: Message) -> None:
    assert counted(cast.ada, root) is None
    for who in (cast.ada, cast.ben, cast.cleo, cast.ben):
        last = reply(who, root)
    seen = counted(cast.ada, root)
    wanted = [cast.ben.chat_id, cast.cleo.chat_id, cast.ada.chat_id]
    assert seen == Thread(count=4, seq=5, rev=seen.rev if seen else 0, last_at=last.created_at, user_ids=wanted)


@pytest.mark.parametrize("before", [True, False], ids=["counted before", "deleted before it was counted"])
def test_a_deleted_reply_does_not_count(cast: Cast, root: Message, before: bool) -> None:
    kept, gone = reply(cast.ben, root), reply(cast.cleo, root)
    if before:
        projector.flush()
    rev = delete(cast.cleo, gone)
    rev = delete(cast.ada, gone) if before else rev  # once more, by who runs the group
    seen = counted(cast.ada, root)
    wanted = [cast.ben.chat_id]
    assert seen == Thread(count=1, seq=3, rev=rev, last_at=kept.created_at, user_ids=wanted)


def test_a_deletion_while_somebody_counts_is_taken_in(
    cast: Cast, root: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = reply(cast.ben, root)
    real, once = counting._latest, iter([True])

    def meanwhile(*args: object, **more: object) -> object:
        if next(once, False):
            delete(cast.ben, gone)
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(counting, "_latest", meanwhile)
    seen = counted(cast.ada, root)
    assert seen is not None and (seen.count, seen.seq, seen.last_at) == (0, 2, None)


def test_many_who_count_at_once_lose_and_double_nothing(cast: Cast, root: Message) -> None:
    """As several processes do: each counts whatever it hears of."""

    def count() -> None:
        for _ in range(5):
            counting.bring_up(root.conversation_id, root.id)

    crowd = [threading.Thread(target=count) for _ in range(4)]
    for one in crowd:
        one.start()
    sent = [reply(cast.ben, root) for _ in range(12)]
    delete(cast.ben, sent[3])
    for one in crowd:
        one.join()
    seen = counted(cast.ada, root)
    assert seen is not None and (seen.count, seen.seq) == (11, 13)


def test_a_thread_that_could_not_be_counted_is_counted_the_next_time(
    cast: Cast, root: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise PyMongoError("away")

    with monkeypatch.context() as broken:
        broken.setattr(counting, "bring_up", away)
        reply(cast.ben, root)
        projector.flush()
    seen = counted(cast.ada, root)
    assert seen is not None and seen.count == 1


def test_what_a_process_left_behind_is_mended_from_the_log(cast: Cast, root: Message) -> None:
    begun = now()
    reply(cast.ben, root)
    projector.flush()
    mongo.database()["messages"].update_one({"_id": root.id}, {"$set": {"thread.count": 7}})
    assert threads.mend(begun) == 1
    seen = counted(cast.ada, root)
    assert seen is not None and (seen.count, seen.seq) == (1, 2)


def test_what_is_taken_in_from_elsewhere_keeps_its_threads(cast: Cast) -> None:
    room = archive.room("Archive", cast.ada.chat_id)
    first, second, third = (str(uuid4()) for _ in range(3))
    ada, ben = cast.ada.chat_id, cast.ben.chat_id
    entries = [
        Entry(first, ada, "who comes?", now()),
        Entry(second, ben, "I do", now(), thread_id=first),
        Entry(third, ben, "really", now(), thread_id=first),
    ]
    list(archive.take_in(room.id, entries[:2]))
    list(archive.take_in(room.id, entries))
    archive.let_in(room.id, ada)
    root, *replies = messages.page(ada, room.id).messages
    assert [one.thread_id for one in replies] == [root.id, root.id]
    assert root.thread is not None and (root.thread.count, root.thread.user_ids) == (2, [ben])
