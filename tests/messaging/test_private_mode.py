"""Private mode: what others see follows from what was done in the open, whatever else was read (PROTOCOL.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import Client as Browser

from accounts.models import User
from chatsite.clock import now
from chatsite.memory import MOMENT
from chatsite.realtime import hub
from chatsite.realtime.hub import conversation_topic, user_topic
from chatsite.realtime.publication import Publication
from messaging.documents import Conversation, Message
from messaging.repositories import conversations as stored
from messaging.repositories import messages as log
from messaging.repositories import receipts as written
from messaging.services import amendments, catchup, discretion, inbox, messages, receipts
from messaging.services.archive import Entry, take_in
from messaging.services.catchup import Missed
from tests.cast import Cast, acquaint
from tests.messaging.conftest import Apis, Hide, say

pytestmark = pytest.mark.django_db
MARKS = re.compile(r'data-state="\w*"|data-(?:delivered|read)-seq="\d+"|data-user-id="[\w-]+"')


class Window:
    """Every way on which someone gets to see receipts of a conversation, without a socket."""

    def __init__(self, api: Apis, user: User, here: Conversation, shown: Message) -> None:
        self.user, self.here, self.shown = user, here, shown
        self.api = api(user)

    def page(self) -> Any:
        return self.api.get(f"conversations/{self.here.id}/messages/").json()["results"]

    def one_message(self) -> Any:
        return self.api.get(f"messages/{self.shown.id}/").json()

    def repeated_send(self) -> Any:
        body = {"client_id": self.shown.client_id, "content": self.shown.content}
        return self.api.post(f"conversations/{self.here.id}/messages/", body).json()

    def changes(self) -> Any:
        return self.api.get(f"conversations/{self.here.id}/changes/").json()["results"]

    def who_and_when(self) -> Any:
        return self.api.get(f"conversations/{self.here.id}/receipts/", seq=self.shown.seq).json()

    def members(self) -> Any:
        others = self.api.get(f"conversations/{self.here.id}/members/").json()["results"]
        return [one for one in others if one["user_id"] != self.user.chat_id]

    def catch_up(self) -> Any:
        asked = Missed(self.user.chat_id, self.here.id, 0, 0, drawn_in="en")
        return msgspec.to_builtins(catchup.missed([asked])[asked])

    def hole(self) -> Any:
        sight = discretion.sight(self.user.chat_id)
        return msgspec.to_builtins(catchup.hole(self.here.id, (0, 0), 100, sight, html=False))

    def html_page(self) -> Any:
        return self._html(f"/c/{self.here.id}/")

    def html_details(self) -> Any:
        return self._html(f"/c/{self.here.id}/details/")

    def html_fragment(self) -> Any:
        return self._html(f"/c/{self.here.id}/messages/?before=99")

    def _html(self, address: str) -> list[str]:
        browser = Browser()
        browser.force_login(self.user)
        answer = browser.get(address)
        assert answer.status_code == 200
        return MARKS.findall(answer.content.decode())


Way = Callable[[Window], Any]
WAYS: dict[str, Way] = {name: way for name, way in vars(Window).items() if not name.startswith("_") and callable(way)}


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    """ada's private conversation with ben."""
    return acquaint(cast.ada, cast.ben)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Publication]]:
    """What was published."""
    published: list[Publication] = []
    monkeypatch.setattr(hub.hub, "publish", lambda *publications: published.extend(publications))
    yield published


def window_of(user: User, api: Apis, talk: Conversation) -> Window:
    """A window on two messages of this person, the first of which was changed."""
    shown = say(user, talk)
    say(user, talk)
    amendments.pin(user.chat_id, shown.id, uuid4(), True)
    return Window(api, user, talk, shown)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_private_reading_is_seen_neither_then_nor_later(
    cast: Cast, talk: Conversation, api: Apis, hide: Hide, way: str
) -> None:
    ada, ben = window_of(cast.ada, api, talk), cast.ben.chat_id
    before = WAYS[way](ada)
    hide(cast.ben)
    receipts.mark(ben, talk.id, "delivered", 2)
    receipts.mark(ben, talk.id, "read", 2)
    assert WAYS[way](ada) == before
    hide(cast.ben, hidden=False)
    assert WAYS[way](ada) == before
    receipts.mark(ben, talk.id, "read", 2)
    assert WAYS[way](ada) != before  # this is a way on which it would have been seen


@pytest.mark.parametrize("way", WAYS)
def test_in_large_conversations_the_cursors_do_not_tell_either(
    cast: Cast, talk: Conversation, api: Apis, hide: Hide, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MEMBERS_WITH_NAMES", 1)
    ada = window_of(cast.ada, api, talk)
    before = WAYS[way](ada)
    hide(cast.ben)
    receipts.mark(cast.ben.chat_id, talk.id, "read", 2)
    hide(cast.ben, hidden=False)
    assert WAYS[way](ada) == before


@pytest.mark.parametrize("way", WAYS)
def test_who_shows_nothing_sees_nothing_of_others(
    cast: Cast, talk: Conversation, api: Apis, hide: Hide, way: str
) -> None:
    ben = window_of(cast.ben, api, talk)
    hide(cast.ben)
    before = WAYS[way](ben)
    receipts.mark(cast.ada.chat_id, talk.id, "read", 2)
    assert WAYS[way](ben) == before
    hide(cast.ben, hidden=False)
    assert WAYS[way](ben) != before


def test_what_was_shown_before_stays_as_it_was(cast: Cast, talk: Conversation, api: Apis, hide: Hide) -> None:
    ada = window_of(cast.ada, api, talk)
    receipts.mark(cast.ben.chat_id, talk.id, "read", 1)
    before = {name: way(ada) for name, way in WAYS.items()}
    hide(cast.ben)
    receipts.mark(cast.ben.chat_id, talk.id, "read", 2)
    assert {name: way(ada) for name, way in WAYS.items()} == before


@pytest.mark.django_db(databases=["default", "documents"])
def test_the_administration_shows_what_the_others_see(cast: Cast, talk: Conversation, hide: Hide) -> None:
    User.objects.filter(pk=cast.dora.pk).update(is_superuser=True)
    staff = Browser()
    staff.force_login(User.objects.get(pk=cast.dora.pk))
    entries = [Entry(str(uuid4()), cast.ada.chat_id, "hello", now()) for _ in range(77)]
    assert sum(take_in(talk.id, entries)) == 77
    receipts.mark(cast.ben.chat_id, talk.id, "read", 55)
    hide(cast.ben)
    receipts.mark(cast.ben.chat_id, talk.id, "read", 66)
    seat = stored.seat(talk.id, cast.ben.chat_id)
    assert seat and seat.read_seq == 66
    for address in (
        "/admin/messaging/membership/",
        f"/admin/messaging/membership/{seat.id}/change/",
        f"/admin/messaging/conversation/{talk.id}/change/",
    ):
        page = staff.get(address).content.decode()
        assert re.search(r">\s*55\s*<", page), address
        assert not re.search(r">\s*66\s*<", page), address


def test_ones_own_devices_stay_in_step(
    cast: Cast, talk: Conversation, api: Apis, hide: Hide, told: list[Publication]
) -> None:
    for _ in range(3):
        say(cast.ada, talk)
    hide(cast.ben)
    told.clear()
    receipts.mark(cast.ben.chat_id, talk.id, "read", 2)
    assert [(one.topic, one.kind) for one in told] == [(user_topic(cast.ben.chat_id), "receipt.updated")]
    mine = api(cast.ben).get(f"conversations/{talk.id}/").json()
    assert (mine["unread"], mine["membership"]["delivered_seq"], mine["membership"]["read_seq"]) == (1, 2, 2)
    assert [row.unread for row in inbox.rows(cast.ben.chat_id)] == [1]


def test_a_public_mark_covers_what_was_read_in_private_as_if_it_were_read_then(
    cast: Cast, talk: Conversation, hide: Hide
) -> None:
    for _ in range(3):
        say(cast.ada, talk)
    ben = cast.ben.chat_id
    hide(cast.ben)
    receipts.mark(ben, talk.id, "read", 3)
    hide(cast.ben, hidden=False)
    receipts.mark(ben, talk.id, "read", 2)  # another device, which is behind
    assert [len(one.read_by) for one in log.after(talk.id, 0, 9)] == [1, 1, 0]
    seat = stored.seat(talk.id, ben)
    assert seat and (seat.read_seq, seat.shown_read_seq) == (3, 2)
    receipts.mark(ben, talk.id, "read", 3)
    receipts.mark(ben, talk.id, "read", 3)
    assert [len(one.read_by) for one in log.after(talk.id, 0, 9)] == [1, 1, 1]
    seat = stored.seat(talk.id, ben)
    assert seat and (seat.read_seq, seat.shown_read_seq, seat.shown_delivered_seq) == (3, None, None)


def test_a_member_in_private_mode_holds_the_ticks_back(cast: Cast, group: Conversation, hide: Hide) -> None:
    say(cast.ada, group)
    hide(cast.ben)
    for one in (cast.ben, cast.cleo):
        receipts.mark(one.chat_id, group.id, "read", 1)
    browser = Browser()
    browser.force_login(cast.ada)
    assert 'data-state="sent"' in browser.get(f"/c/{group.id}/messages/?before=9").content.decode()
    delivered, read = receipts.of_message(cast.ada.chat_id, group.id, 1)
    assert list(delivered) == list(read) == [cast.cleo.chat_id]


def test_a_changed_message_goes_out_with_and_without_receipts(
    cast: Cast, talk: Conversation, told: list[Publication]
) -> None:
    shown = say(cast.ada, talk)
    receipts.mark(cast.ben.chat_id, talk.id, "read", 1)
    told.clear()
    amendments.pin(cast.ada.chat_id, shown.id, uuid4(), True)
    frames = {one.receipts: msgspec.json.decode(one.text)["message"] for one in told}
    assert {one.topic for one in told} == {conversation_topic(talk.id)}
    assert frames.keys() == {True, False}
    assert [one["user_id"] for one in frames[True]["read_by"]] == [cast.ben.chat_id]
    assert frames[False]["read_by"] == frames[False]["delivered_to"] == []
    assert frames[False]["pinned_at"] == frames[True]["pinned_at"] is not None


def test_the_setting_is_asked_for_once_in_a_while_and_not_for_each_receipt(
    cast: Cast, talk: Conversation, django_assert_num_queries: Any
) -> None:
    assert MOMENT < 2.0
    for _ in range(3):
        say(cast.ada, talk)
    with django_assert_num_queries(2):
        for seq in (1, 2, 3):
            receipts.mark(cast.ben.chat_id, talk.id, "read", seq)


def test_a_new_message_has_no_receipts_to_hide(cast: Cast, talk: Conversation, told: list[Publication]) -> None:
    messages.send(cast.ada.chat_id, talk.id, uuid4(), "hello")
    (created,) = [msgspec.json.decode(one.text) for one in told if one.kind == "message.created"]
    assert created["message"]["read_by"] == created["message"]["delivered_to"] == []
