"""Friend requests and announcements."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from accounts.services import relationships
from chatsite.clock import now
from chatsite.errors import NotFound
from chatsite.types import ObjectId
from messaging.services import conversations, members, scheduling
from notifications import presentation
from notifications.documents import Channels, Types
from notifications.services import inbox, preferences, telling
from tests.cast import Cast
from tests.notifications.conftest import Frames, told

pytestmark = pytest.mark.django_db


def words(who: User) -> list[tuple[str, str, bool]]:
    found = inbox.page(who.chat_id).notifications
    return [(one.title, one.text, one.is_read) for one in presentation.data(found)]


def test_a_friend_request_is_told_and_accepting_it_closes_it(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        relationships.request(cast.ben.chat_id, cast.ada.chat_id)
    assert words(cast.ada) == [("Ben Okafor", "would like to be your friend.", False)]
    assert words(cast.ben) == []
    with django_capture_on_commit_callbacks(execute=True):
        relationships.accept(cast.ada.chat_id, cast.ben.chat_id)
    assert words(cast.ada) == [("Ben Okafor", "would like to be your friend.", True)]
    assert words(cast.ben) == [("Ada Lovelace", "accepted your friend request.", False)]


def test_it_leads_to_the_person(cast: Cast) -> None:
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    (shown,) = presentation.data(inbox.page(cast.ada.chat_id).notifications)
    assert shown.url == "/people/ben/"
    assert (shown.related_to.type, shown.related_to.id) == ("friend_request", cast.ben.chat_id)


def test_asking_again_while_it_is_unread_is_told_once(cast: Cast) -> None:
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    assert inbox.unread(cast.ada.chat_id) == 1


def test_across_a_block_nothing_is_told(cast: Cast) -> None:
    relationships.block(cast.ada.chat_id, cast.cleo.chat_id)
    telling.friend_requested(cast.cleo.chat_id, cast.ada.chat_id)
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    assert [one[0] for one in words(cast.ada)] == ["Ben Okafor"]


def test_preferences_are_heeded(cast: Cast) -> None:
    preferences.put(cast.ada.chat_id, Channels(), Types(friend_request=False))
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    telling.announce("Hello", [cast.ada.chat_id], ObjectId())
    assert [one[0] for one in words(cast.ada)] == ["Announcement"]


def test_who_is_here_hears_at_once_with_the_count(cast: Cast, frames: Frames, here: set[str]) -> None:
    here.add(cast.ada.chat_id)
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    telling.friend_requested(cast.dora.chat_id, cast.ada.chat_id)
    assert [event.unread for event in told(frames, cast.ada)] == [1, 2]
    assert told(frames, cast.ben) == []


def test_an_announcement_reaches_every_active_person(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.filter(pk=cast.cleo.pk).update(is_active=False)
    preferences.put(cast.dora.chat_id, Channels(), Types(system=False))
    call_command("announce", "  The chat moves on Friday. ")
    assert "3 people told" in capsys.readouterr().out
    assert words(cast.eve) == [("Announcement", "The chat moves on Friday.", False)]
    assert inbox.unread(cast.cleo.chat_id) == inbox.unread(cast.dora.chat_id) == 0


def test_an_announcement_goes_in_batches_and_repeats_to_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.management.commands.announce.BATCH", 2)
    call_command("announce", "Hello")
    assert inbox.unread(cast.ada.chat_id) == inbox.unread(cast.eve.chat_id) == 1
    same = ObjectId()
    people = [cast.ada.chat_id, cast.ben.chat_id]
    assert telling.announce("Again", people[:1], same) == 1
    assert telling.announce("Again", people, same) == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_an_announcement_says_something_of_bearable_length(cast: Cast, text: str) -> None:
    with pytest.raises(CommandError):
        call_command("announce", text)
    assert inbox.unread(cast.ada.chat_id) == 0


def test_who_scheduled_a_message_hears_that_it_was_not_sent(cast: Cast) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Kites", [cast.ben.chat_id])
    made = scheduling.schedule(cast.ben.chat_id, group.id, uuid4(), "later", now() + timedelta(hours=1))
    members.remove(cast.ada.chat_id, group.id, cast.ben.chat_id)
    with pytest.raises(NotFound):
        scheduling.send_now(cast.ben.chat_id, made.id)
    (title, text, _read), *others = words(cast.ben)
    assert title == "A scheduled message was not sent" and "no longer in this conversation" in text and not others
    (shown,) = presentation.data(inbox.page(cast.ben.chat_id).notifications)
    assert shown.url == "/scheduled/"
