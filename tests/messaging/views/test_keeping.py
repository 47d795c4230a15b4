"""Scheduling, saving and forwarding with forms alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.services import settings
from chatsite.clock import now
from messaging.documents import Conversation
from messaging.repositories import messages
from messaging.services import drafts, saving, scheduling
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

pytestmark = pytest.mark.django_db
TOKYO = "Asia/Tokyo"


def schedule(client: Client, where: Conversation, content: str = "later", **more: object) -> HttpResponse:
    form = {"content": content, "client_id": str(uuid4()), "when": "hour"} | more
    answer: HttpResponse = client.post(f"/c/{where.id}/schedule/", form)
    return answer


def contents(where: Conversation) -> list[str]:
    return [one.content for one in messages.last(where.id, 50)]


@pytest.mark.parametrize("chosen", [False, True])
def test_times_are_those_of_the_persons_clock(cast: Cast, talks: Talks, enter: Enter, chosen: bool) -> None:
    if chosen:
        settings.update(cast.ada.chat_id, {"time_zone": TOKYO})
    client, zone = enter(cast.ada), "Europe/Lisbon" if chosen else TOKYO
    at = (datetime.now(ZoneInfo(TOKYO)) + timedelta(days=2)).replace(hour=7, minute=30, second=0, microsecond=0)
    for when, more in (("hour", {}), ("tomorrow", {}), ("at", {"at": f"{at:%Y-%m-%dT%H:%M}"})):
        assert schedule(client, talks.private, when, when=when, zone=zone, **more).status_code == 302
    due = {one.content: one.due_at.astimezone(ZoneInfo(TOKYO)) for one in scheduling.mine(cast.ada.chat_id)}
    assert timedelta(minutes=58) < due["hour"] - now() <= timedelta(minutes=60)
    assert (due["tomorrow"].hour, due["tomorrow"].minute) == (9, 0)
    assert due["at"] == at


def test_what_was_begun_is_put_off_and_the_page_says_so(cast: Cast, talks: Talks, enter: Enter) -> None:
    drafts.keep(cast.ada.chat_id, talks.private.id, "later")
    client = enter(cast.ada)
    schedule(client, talks.private)
    assert drafts.of(cast.ada.chat_id, talks.private.id) is None
    html = client.get(f"/c/{talks.private.id}/").content.decode()
    assert "1 message is scheduled here" in html and "Scheduled for" in html
    assert "scheduled here" not in client.get(f"/c/{talks.group.id}/").content.decode()


@pytest.mark.parametrize("more", [{"when": "at", "at": ""}, {"when": "at", "at": "2020-01-01T10:00"}, {"content": " "}])
def test_what_is_not_taken_comes_back(cast: Cast, talks: Talks, enter: Enter, more: dict[str, str]) -> None:
    answer = schedule(enter(cast.ada), talks.private, **{"content": "my words"} | more)
    assert answer.status_code == 400
    assert more.get("content", "my words") in answer.content.decode()
    assert "composer-error" in answer.content.decode() and scheduling.mine(cast.ada.chat_id) == []


def test_scripts_get_their_answer_as_data(cast: Cast, talks: Talks, enter: Enter) -> None:
    client = enter(cast.ada)
    client.defaults["HTTP_X_REQUESTED_WITH"] = "XMLHttpRequest"
    good: Any = schedule(client, talks.private)
    bad: Any = schedule(client, talks.private, when="at", at="never")
    assert (good.status_code, bad.status_code) == (201, 400)
    assert good.json().keys() == {"due_at", "words"} and bad.json()["code"] == "invalid"


def test_a_time_that_was_chosen_is_not_sent_at_once(cast: Cast, talks: Talks, enter: Enter) -> None:
    form = {"content": "later", "client_id": str(uuid4()), "at": "2999-01-01T10:00"}
    answer = enter(cast.ada).post(f"/c/{talks.private.id}/messages/", form)
    assert answer.status_code == 400 and "later" in answer.content.decode()
    assert contents(talks.private) == []


def test_the_list_changes_sends_and_deletes(cast: Cast, talks: Talks, enter: Enter) -> None:
    client = enter(cast.ada)
    for content in ("one", "two", "three"):
        schedule(client, talks.private, content)
    one, two, three = (f"/scheduled/{plan.id}/" for plan in scheduling.mine(cast.ada.chat_id))
    assert client.get("/scheduled/").content.decode().count('class="plan"') == 3
    refused = client.post(f"{one}change/", {"content": "ones", "at": "2020-01-01T10:00"})
    assert refused.status_code == 400 and "ones</textarea>" in refused.content.decode()
    tomorrow = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert client.post(f"{one}change/", {"content": "one more", "at": tomorrow}).status_code == 302
    assert client.post(f"{two}send/").status_code == client.post(f"{three}cancel/").status_code == 302
    assert contents(talks.private) == ["two"]
    assert [plan.content for plan in scheduling.mine(cast.ada.chat_id)] == ["one more"]
    assert enter(cast.ben).post(f"{one}send/").status_code == 404


def test_saved_messages_have_a_page(cast: Cast, talks: Talks, enter: Enter) -> None:
    client, message = enter(cast.ada), say(cast.ben, talks.private, "keep <this>")
    assert "Nothing saved yet" in client.get("/saved/").content.decode()
    assert client.post(f"/saved/{message.id}/").status_code == 302
    html = client.get("/saved/").content.decode()
    assert "keep &lt;this&gt;" in html and f"/c/{talks.private.id}/?around=1#message-1" in html
    assert client.post(f"/saved/{message.id}/drop/").status_code == 302
    assert saving.page(cast.ada.chat_id).kept == []


def test_forwarding_is_a_search_that_keeps_the_choice(cast: Cast, talks: Talks, enter: Enter) -> None:
    client, message = enter(cast.ada), say(cast.ben, talks.private, "pass me on")
    place = str(talks.group.id)
    html = client.get(f"/forward/{message.id}/", {"q": "eve", "place": place}).content.decode()
    assert f'value="{place}" checked' in html and f'name="who" value="{cast.eve.pk}"' in html
    assert f'name="place" value="{talks.private.id}"' not in html
    form = {"client_id": str(uuid4()), "place": place, "who": str(cast.dora.pk)}
    for _ in range(2):
        assert client.post(f"/forward/{message.id}/", form).status_code == 302
    assert contents(talks.group) == ["pass me on"]
    nowhere = client.post(f"/forward/{message.id}/", {"client_id": str(uuid4())})
    assert nowhere.status_code == 400 and "Choose at least one conversation." in nowhere.content.decode()
    assert enter(cast.eve).get(f"/forward/{message.id}/").status_code == 404
