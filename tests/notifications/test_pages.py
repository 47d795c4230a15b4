"""The list, the bell and the preferences, without any script."""

from __future__ import annotations

import pytest
from django.test import Client

from chatsite.types import ObjectId
from notifications.collector import Collector
from notifications.documents import Channels, Types
from notifications.services import inbox, preferences, telling
from tests.cast import Cast, acquaint
from tests.notifications.conftest import Frames, say, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


def test_the_empty_list_says_what_will_be_there(ada: Client) -> None:
    page = ada.get("/notifications/").content.decode()
    assert "Nothing new" in page
    assert 'data-unread="0"' in page
    assert "Mark all as read" not in page


def test_the_list_and_the_bell(cast: Cast, ada: Client, collector: Collector) -> None:
    talk = acquaint(cast.ben, cast.ada)
    say(cast.ben, talk, "<script>alert(1)</script> & more")
    say(cast.ben, talk, "<b>bold</b>")
    collector.flush()
    telling.announce("Welcome to all", [cast.ada.chat_id], ObjectId())
    page = ada.get("/notifications/").content.decode()
    assert '<chat-bell data-unread="2">' in page
    assert "2 new messages · &lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold" not in page
    assert page.index("Welcome to all") < page.index("Ben Okafor")


def test_opening_one_reads_it_and_goes_there(cast: Cast, ada: Client, collector: Collector, frames: Frames) -> None:
    talk = acquaint(cast.ben, cast.ada)
    say(cast.ben, talk)
    collector.flush()
    (one,) = inbox.page(cast.ada.chat_id).notifications
    assert ada.get(f"/notifications/{one.id}/").headers["Location"] == f"/c/{talk.id}/"
    assert inbox.unread(cast.ada.chat_id) == 0
    (event,) = told(frames, cast.ada)
    assert (event.ids, event.unread) == ([str(one.id)], 0)


def test_marking_some_and_all(cast: Cast, ada: Client, frames: Frames) -> None:
    for text in ("one", "two", "three"):
        telling.announce(text, [cast.ada.chat_id, cast.eve.chat_id], ObjectId())
    first = inbox.page(cast.ada.chat_id).notifications[0]
    assert ada.post("/notifications/read/", {"id": [str(first.id)]}).headers["Location"] == "/notifications/"
    assert inbox.unread(cast.ada.chat_id) == 2
    ada.post("/notifications/read/")
    assert inbox.unread(cast.ada.chat_id) == 0
    assert inbox.unread(cast.eve.chat_id) == 3  # the same announcements, told to someone else
    assert [(event.unread, event.all is True) for event in told(frames, cast.ada)] == [(2, False), (0, True)]


def test_pages_follow_each_other_without_gap_or_repetition(
    cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox.page, "__defaults__", (None, 3))
    for number in range(8):
        telling.announce(f"number {number}", [cast.ada.chat_id], ObjectId())
    seen: list[str] = []
    address = "/notifications/"
    while address:
        response = ada.get(address)
        seen += [text for number in range(7, -1, -1) if (text := f"number {number}") in response.content.decode()]
        following = response.context["next"]
        address = f"/notifications/?before={following}" if following else ""
    assert seen == [f"number {number}" for number in range(7, -1, -1)]


def test_a_stranger_cannot_open_or_read_it(cast: Cast, client: Client) -> None:
    telling.announce("for ada only", [cast.ada.chat_id], ObjectId())
    (one,) = inbox.page(cast.ada.chat_id).notifications
    client.force_login(cast.eve)
    assert client.get(f"/notifications/{one.id}/").status_code == 404
    assert client.post("/notifications/read/", {"id": [str(one.id)]}).status_code == 302
    assert "for ada only" not in client.get("/notifications/").content.decode()
    assert inbox.unread(cast.ada.chat_id) == 1


@pytest.mark.parametrize(
    "address", ["/notifications/", "/notifications/preferences/", "/notifications/" + "0" * 24 + "/"]
)
def test_who_is_not_signed_in_is_asked_to(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("cursor", ["x", "MTIz", "YWJjAGRlZg", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQAxMjM", "\0"])
def test_a_wrong_cursor_is_refused_in_words(ada: Client, cursor: str) -> None:
    assert ada.get("/notifications/", {"before": cursor}).status_code == 400


def test_preferences_are_kept(cast: Cast, ada: Client) -> None:
    preferences.put(cast.ada.chat_id, Channels(email=True, push=True), Types())
    response = ada.post("/notifications/preferences/", {"types": ["message"], "channels": ["in_app"]}, follow=True)
    assert "Your preferences have been saved." in response.content.decode()
    kept = preferences.get(cast.ada.chat_id)
    assert kept.types == Types(message=True, friend_request=False, system=False)
    assert kept.channels == Channels(in_app=True, email=True, push=True)  # no switch was shown for the last two
    ada.post("/notifications/preferences/", {})
    assert preferences.get(cast.ada.chat_id).channels.in_app is False


def test_no_switch_is_shown_that_does_nothing(ada: Client) -> None:
    page = ada.get("/notifications/preferences/").content.decode()
    assert 'value="in_app"' in page
    assert 'value="email"' not in page
    assert 'value="push"' not in page
    assert ada.post("/notifications/preferences/", {"channels": ["email"]}).status_code == 200  # refused, shown again


def test_preferences_of_another_person_are_untouched(cast: Cast, ada: Client) -> None:
    ada.post("/notifications/preferences/", {})
    assert preferences.get(cast.eve.chat_id).types == Types()
