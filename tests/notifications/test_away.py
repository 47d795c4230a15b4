"""Who is away hears of messages: one unread notification a conversation, and nothing one must not hear."""

from __future__ import annotations

import pytest

from accounts.services import relationships
from messaging.documents import PREVIEW_MAX
from messaging.repositories import conversations as stored
from messaging.services import arrangements, conversations, members, receipts, requests
from messaging.services.arrangements import Wish
from notifications import presentation
from notifications.collector import Collector
from notifications.documents import Channels, Notification, Types
from notifications.repositories import notifications
from notifications.services import inbox, preferences
from tests.cast import Cast, acquaint
from tests.notifications.conftest import Frames, say, told

pytestmark = pytest.mark.django_db


def test_a_burst_becomes_one_notification_with_count_and_latest_words(cast: Cast, collector: Collector) -> None:
    talk = acquaint(cast.ben, cast.ada)
    for text in ("one", "two", "three  words\nmore"):
        say(cast.ben, talk, text)
    collector.flush()
    last = say(cast.ben, talk, "four")
    collector.flush()
    (told,) = inbox.page(cast.ada.chat_id).notifications
    assert told.type == "message"
    assert told.content == {
        "conversation_id": str(talk.id),
        "sender_id": cast.ben.chat_id,
        "preview": "four",
        "seq": 4,
        "count": 4,
        "thread_id": "",
    }
    assert (told.related_to.type, told.related_to.id) == ("message", str(last.id))
    assert told.created_at == last.created_at
    assert told.expires_at > told.created_at
    assert inbox.unread(cast.ada.chat_id) == 1


def test_nobody_hears_of_their_own_messages(cast: Cast, collector: Collector) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id, cast.dora.chat_id])
    say(cast.ada, group, "from ada")
    say(cast.ben, group, "from ben")
    collector.flush()
    by_person = {who.username: inbox.page(who.chat_id).notifications for who in (cast.ada, cast.ben, cast.dora)}
    assert {name: [one.content["count"] for one in found] for name, found in by_person.items()} == {
        "ada": [1],
        "ben": [1],
        "dora": [2],
    }
    assert by_person["ada"][0].content["preview"] == "from ben"
    assert by_person["ben"][0].content["preview"] == "from ada"
    assert by_person["dora"][0].content["name"] == "Garden"


def test_strangers_hear_nothing(cast: Cast, collector: Collector) -> None:
    talk = acquaint(cast.ben, cast.ada)
    say(cast.ben, talk)
    collector.flush()
    assert inbox.unread(cast.ada.chat_id) == 1
    assert inbox.unread(cast.eve.chat_id) == 0


def test_a_message_request_stays_silent_until_its_yes(cast: Cast, collector: Collector) -> None:
    talk, _created = conversations.start_private(cast.eve.chat_id, cast.ada.chat_id)
    say(cast.eve, talk)
    collector.flush()
    assert inbox.unread(cast.ada.chat_id) == 0
    requests.accept(cast.ada.chat_id, talk.id)
    say(cast.eve, talk, "again")
    collector.flush()
    assert inbox.unread(cast.ada.chat_id) == 1


def test_a_muted_conversation_tells_nothing_and_a_level_what_it_says(cast: Cast, collector: Collector) -> None:
    people = [one.chat_id for one in (cast.ben, cast.cleo, cast.dora)]
    group = conversations.create_group(cast.ada.chat_id, "Garden", people)
    wishes = [Wish(muted=True), Wish(level="mentions"), Wish(level="nothing")]
    for who, wish in zip(people, wishes, strict=True):
        arrangements.arrange(who, group.id, wish)
    for text, heard in (("hello", []), ("@ben @dora?", []), ("@cleo?", ["cleo"]), ("and @all", ["cleo"])):
        say(cast.ada, group, text)
        collector.flush()
        told = {who.username: inbox.page(who.chat_id).notifications for who in (cast.ben, cast.cleo, cast.dora)}
        assert [name for name, found in told.items() if found and found[0].content["preview"] == text] == heard
    assert told["cleo"][0].content["count"] == 2
    arrangements.arrange(cast.ben.chat_id, group.id, Wish(muted=False))
    say(cast.ada, group, "back")
    collector.flush()
    assert inbox.page(cast.ben.chat_id).notifications[0].content["preview"] == "back"


def test_who_takes_part_in_a_thread_hears_of_it_as_of_their_name(cast: Cast, collector: Collector) -> None:
    people = [one.chat_id for one in (cast.ben, cast.cleo, cast.dora)]
    group = conversations.create_group(cast.ada.chat_id, "Garden", people)
    for who, level in zip(people, ("mentions", "mentions", "nothing"), strict=True):
        arrangements.arrange(who, group.id, Wish(level=level))
    root = say(cast.ben, group, "who waters them?")
    say(cast.dora, group, "I might", root)
    collector.flush()
    say(cast.ada, group, "beside it")
    last = [say(cast.ada, group, text, root) for text in ("I do", "@ben, @all: from Monday on")][-1]
    collector.flush()
    told = {who.username: inbox.page(who.chat_id).notifications for who in (cast.ben, cast.cleo, cast.dora)}
    assert {name: [one.content["count"] for one in found] for name, found in told.items()} == {
        "ben": [3],  # what dora said in it as well
        "cleo": [1],
        "dora": [],
    }
    assert told["ben"][0].content["thread_id"] == str(root.id)
    (shown,) = presentation.data(told["ben"])
    assert shown.url == f"/c/{group.id}/threads/{root.id}/" and last.thread_id == root.id


def test_who_has_a_socket_open_needs_no_notification(cast: Cast, collector: Collector, here: set[str]) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id, cast.dora.chat_id])
    here.add(cast.ben.chat_id)
    say(cast.ada, group)
    collector.flush()
    assert inbox.unread(cast.ben.chat_id) == 0
    assert inbox.unread(cast.dora.chat_id) == 1


def test_where_everybody_is_here_one_question_is_all(
    cast: Cast, collector: Collector, here: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many conversations are busy: this is asked of each of them twice a second."""
    asked: list[str] = []
    for name in ("_conversations", "_memberships"):
        collection = getattr(stored, name)
        monkeypatch.setattr(stored, name, lambda name=name, collection=collection: asked.append(name) or collection())
    talks = [(cast.ben, acquaint(cast.ben, cast.ada)), (cast.ben, acquaint(cast.ben, cast.dora))]
    for who, talk in talks:
        say(who, talk)
    here.update(one.chat_id for one in (cast.ada, cast.ben, cast.dora))

    asked.clear()
    collector.flush()

    assert asked == ["_conversations"]


def test_who_was_removed_meanwhile_hears_nothing(cast: Cast, collector: Collector) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id, cast.dora.chat_id])
    say(cast.ada, group)
    members.remove(cast.ada.chat_id, group.id, cast.ben.chat_id)
    collector.flush()
    assert inbox.unread(cast.ben.chat_id) == 0
    assert inbox.unread(cast.dora.chat_id) == 1


def test_whoever_is_removed_is_not_led_there_any_more(cast: Cast, collector: Collector) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id, cast.dora.chat_id])
    say(cast.ada, group)
    collector.flush()
    members.remove(cast.ada.chat_id, group.id, cast.ben.chat_id)
    collector.flush()
    assert inbox.unread(cast.ben.chat_id) == 0
    assert inbox.unread(cast.dora.chat_id) == 1


def test_the_others_hear_although_the_sender_has_left(cast: Cast, collector: Collector) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id, cast.dora.chat_id])
    say(cast.dora, group, "bye")
    say(cast.ben, group, "oh")
    members.leave(cast.dora.chat_id, group.id)
    collector.flush()
    (told,) = inbox.page(cast.ada.chat_id).notifications
    assert told.content["count"] == 2


def test_a_block_silences_the_sender_but_not_the_group(cast: Cast, collector: Collector) -> None:
    group = conversations.create_group(
        cast.ada.chat_id, "Garden", [cast.ben.chat_id, cast.cleo.chat_id, cast.dora.chat_id]
    )
    relationships.block(cast.ben.chat_id, cast.cleo.chat_id)
    say(cast.ada, group, "from ada")
    say(cast.cleo, group, "from cleo")
    collector.flush()
    (told,) = inbox.page(cast.ben.chat_id).notifications
    assert (told.content["preview"], told.content["count"]) == ("from ada", 1)
    (blocked,) = inbox.page(cast.cleo.chat_id).notifications
    assert blocked.content["preview"] == "from ada"
    assert inbox.page(cast.dora.chat_id).notifications[0].content["count"] == 2


@pytest.mark.parametrize(("channels", "types"), [(Channels(in_app=False), Types()), (Channels(), Types(message=False))])
def test_who_wants_to_hear_nothing_of_messages_does_not(
    cast: Cast, collector: Collector, channels: Channels, types: Types
) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id, cast.dora.chat_id])
    preferences.put(cast.ben.chat_id, channels, types)
    say(cast.ada, group)
    collector.flush()
    assert inbox.unread(cast.ben.chat_id) == 0
    assert inbox.unread(cast.dora.chat_id) == 1


def test_what_was_read_before_the_flush_is_not_told(cast: Cast, collector: Collector) -> None:
    talk = acquaint(cast.ben, cast.ada)
    said = say(cast.ben, talk)
    receipts.mark(cast.ada.chat_id, talk.id, "read", said.seq)
    collector.flush()
    assert inbox.page(cast.ada.chat_id).notifications == []


def test_reading_the_conversation_reads_the_notification(cast: Cast, collector: Collector) -> None:
    talk = acquaint(cast.ben, cast.ada)
    other = acquaint(cast.dora, cast.ada)
    first, second = say(cast.ben, talk), say(cast.ben, talk)
    say(cast.dora, other)
    collector.flush()
    receipts.mark(cast.ada.chat_id, talk.id, "read", first.seq)
    collector.flush()
    assert inbox.unread(cast.ada.chat_id) == 2  # the second is still to be read
    receipts.mark(cast.ada.chat_id, talk.id, "read", second.seq)
    collector.flush()
    states = {one.content["conversation_id"]: one.is_read for one in inbox.page(cast.ada.chat_id).notifications}
    assert states == {str(talk.id): True, str(other.id): False}


def test_after_reading_the_next_message_makes_a_new_one(cast: Cast, collector: Collector) -> None:
    talk = acquaint(cast.ben, cast.ada)
    said = say(cast.ben, talk)
    collector.flush()
    receipts.mark(cast.ada.chat_id, talk.id, "read", said.seq)
    say(cast.ben, talk, "again")
    collector.flush()
    newest, oldest = inbox.page(cast.ada.chat_id).notifications
    assert (newest.is_read, newest.content["count"], oldest.is_read) == (False, 1, True)


def test_a_long_message_is_cut(cast: Cast, collector: Collector) -> None:
    talk = acquaint(cast.ben, cast.ada)
    say(cast.ben, talk, "word " * 2000)
    collector.flush()
    (told,) = inbox.page(cast.ada.chat_id).notifications
    assert len(told.content["preview"]) == PREVIEW_MAX


def test_who_comes_back_in_that_moment_sees_the_bell_move(
    cast: Cast, collector: Collector, frames: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = acquaint(cast.ben, cast.ada)
    say(cast.ben, talk, "are you there?")
    answers = iter([set(), {cast.ada.chat_id}])  # away when it is decided, here when it is told
    monkeypatch.setattr("chatsite.realtime.presence.online", lambda people: next(answers))
    collector.flush()
    (event,) = told(frames, cast.ada)
    assert event.unread == 1
    assert (event.notification.title, event.notification.text) == ("Ben Okafor", "are you there?")
    assert event.notification.url == f"/c/{talk.id}/"


def test_what_is_read_in_the_very_moment_of_telling_is_read(
    cast: Cast, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = acquaint(cast.ben, cast.ada)
    said, follow = say(cast.ben, talk), notifications.follow

    def read_first(fresh: list[Notification]) -> None:
        receipts.mark(cast.ada.chat_id, talk.id, "read", said.seq)
        follow(fresh)

    monkeypatch.setattr(notifications, "follow", read_first)
    collector.flush()
    (found,) = inbox.page(cast.ada.chat_id).notifications
    assert found.is_read
