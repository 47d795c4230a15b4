"""Muted, pinned, archived, marked unread: for oneself, in the list, over pages and API alike."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from chatsite.clock import now
from messaging.documents import Conversation
from messaging.repositories import arrangements as stored
from messaging.services import conversations, receipts
from tests.cast import Cast
from tests.messaging.conftest import Apis, problem
from tests.messaging.views.conftest import Enter, enter, say  # noqa: F401

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<li><a class="row".*?</li>', re.S)


def path(where: Conversation) -> str:
    return f"conversations/{where.id}/membership/"


def titles(html: str) -> list[str]:
    return re.findall(r'<span class="row-title" dir="auto">(.*?)</span>', html)


def row(html: str, title: str) -> str:
    return next(one for one in ROW.findall(html) if f">{title}</span>" in one)


@pytest.fixture
def other(cast: Cast, group: Conversation) -> Conversation:
    """A second group of the same people; it has the latest message."""
    made = conversations.create_group(cast.ada.chat_id, "Balloons", [cast.ben.chat_id])
    say(cast.ben, group, "first")
    say(cast.ben, made, "second")
    return made


WAYS: list[tuple[dict[str, str], dict[str, Any], dict[str, Any]]] = [
    ({"muted": "-1"}, {"muted": True}, {"muted": True}),
    ({"pinned": "true"}, {"pinned": True}, {"pinned": True}),
    ({"archived": "true"}, {"archived": True}, {"archived": True}),
    ({"unread": "true"}, {"unread": True}, {"marked_unread": True}),
    ({"level": "mentions"}, {"level": "mentions"}, {"level": "mentions"}),
]
BACK = [
    ({"muted": "0"}, {"muted": False}),
    ({"pinned": "false"}, {"pinned": False}),
    ({"archived": "false"}, {"archived": False}),
    ({"unread": "false"}, {"unread": False}),
    ({"level": "all"}, {"level": "all"}),
]


@pytest.mark.parametrize(
    ("there", "back"), list(zip(WAYS, BACK, strict=True)), ids=[next(iter(one[0])) for one in WAYS]
)
def test_a_form_and_the_api_do_the_same_and_only_for_oneself(
    cast: Cast,
    other: Conversation,
    api: Apis,
    enter: Enter,  # noqa: F811
    there: Any,
    back: Any,
) -> None:
    form, body, expected = there
    ada, browser = api(cast.ada), enter(cast.ada)
    before = ada.get(f"conversations/{other.id}/").json()["membership"]
    for way in ("API", "form"):
        if way == "API":
            assert ada("PATCH", path(other), body).json()["membership"].items() >= expected.items()
        else:
            assert browser.post(f"/c/{other.id}/arrange/", form).status_code == 302
        assert ada.get(f"conversations/{other.id}/").json()["membership"].items() >= expected.items()
        assert not api(cast.ben).get(f"conversations/{other.id}/").json()["membership"].items() & expected.items()
        if way == "API":
            assert ada("PATCH", path(other), back[1]).status_code == 200
        else:
            assert browser.post(f"/c/{other.id}/arrange/", back[0]).status_code == 302
        after = ada.get(f"conversations/{other.id}/").json()["membership"]
        assert {name: one for name, one in after.items() if not name.endswith("_seq")} == {
            name: one for name, one in before.items() if not name.endswith("_seq")
        }


def test_strangers_find_nothing_to_arrange(cast: Cast, group: Conversation, api: Apis, enter: Enter) -> None:  # noqa: F811
    problem(api(cast.eve)("PATCH", path(group), {"pinned": True}), 404, "not_found")
    assert enter(cast.eve).get(f"/c/{group.id}/arrange/").status_code == 404
    assert enter(cast.eve).post(f"/c/{group.id}/arrange/", {"pinned": "true"}).status_code == 404
    assert enter(cast.ada).get(f"/c/{group.id}/arrange/").status_code == 200


@pytest.mark.parametrize(
    "body", [{"mute_for": 3600}, {"muted": False, "mute_for": 3600}, {"muted": True, "mute_for": 5}]
)
def test_a_wish_that_makes_no_sense(cast: Cast, group: Conversation, api: Apis, body: Any) -> None:
    assert "mute_for" in problem(api(cast.ada)("PATCH", path(group), body), 400, "invalid")["fields"]


def test_a_mute_runs_out(cast: Cast, group: Conversation, api: Apis) -> None:
    ada = api(cast.ada)
    seat = ada("PATCH", path(group), {"muted": True, "mute_for": 3600}).json()["membership"]
    assert seat["muted"] and seat["muted_until"] > now().isoformat()
    stored.put(group.id, cast.ada.chat_id, {"muted_until": now() - timedelta(seconds=1)})
    assert "muted" not in ada.get(f"conversations/{group.id}/").json()["membership"]


def test_the_list_has_what_is_pinned_on_top_with_its_marks(
    cast: Cast,
    group: Conversation,
    other: Conversation,
    enter: Enter,  # noqa: F811
) -> None:
    browser = enter(cast.ada)
    assert titles(browser.get("/sidebar/").content.decode()) == ["Balloons", "Kites"]
    browser.post(f"/c/{group.id}/arrange/", {"pinned": "true"})
    browser.post(f"/c/{other.id}/arrange/", {"muted": "3600"})
    html = browser.get("/sidebar/").content.decode()
    assert titles(html) == ["Kites", "Balloons"]
    assert 'aria-label="Pinned"' in row(html, "Kites") and 'aria-label="Muted"' not in row(html, "Kites")
    assert 'aria-label="Muted"' in row(html, "Balloons") and "badge-quiet" in row(html, "Balloons")


def test_what_is_archived_comes_back_with_news_unless_it_is_muted(
    cast: Cast,
    group: Conversation,
    other: Conversation,
    enter: Enter,  # noqa: F811
) -> None:
    browser = enter(cast.ada)
    browser.post(f"/c/{group.id}/arrange/", {"archived": "true"})
    assert titles(browser.get("/sidebar/").content.decode()) == ["Balloons"]
    assert "Kites" in browser.get("/archive/").content.decode().split('class="app-page"')[1]
    say(cast.ben, group, "are you there?")
    assert titles(browser.get("/sidebar/").content.decode()) == ["Kites", "Balloons"]
    browser.post(f"/c/{group.id}/arrange/", {"muted": "-1"})
    assert "Kites" in titles(browser.get("/sidebar/").content.decode())  # to fall silent is not to go
    browser.post(f"/c/{group.id}/arrange/", {"archived": "true"})
    say(cast.ben, group, "still nothing?")
    html = browser.get("/sidebar/").content.decode()
    assert titles(html) == ["Balloons"]
    assert f'data-silent="{group.id}"' in html


def test_reading_takes_the_mark_away(cast: Cast, group: Conversation, enter: Enter) -> None:  # noqa: F811
    said = say(cast.ben, group)
    receipts.mark(cast.ada.chat_id, group.id, "read", said.seq)
    browser = enter(cast.ada)

    def marked() -> bool:
        return "data-marked" in browser.get("/sidebar/").content.decode()

    browser.post(f"/c/{group.id}/arrange/", {"unread": "true"})
    assert marked()
    browser.get(f"/c/{group.id}/", headers={"X-Requested-With": "XMLHttpRequest"})  # a page that draws itself anew
    assert marked()
    browser.get(f"/c/{group.id}/")
    assert not marked()
    browser.post(f"/c/{group.id}/arrange/", {"unread": "true"})
    receipts.mark(cast.ada.chat_id, group.id, "read", say(cast.ben, group).seq)
    assert not marked()


def test_reading_everything_takes_all_marks_away(
    cast: Cast, group: Conversation, other: Conversation, api: Apis
) -> None:
    ada = api(cast.ada)
    for here in (group, other):
        ada("PATCH", path(here), {"unread": True})
    api(cast.ben)("PATCH", path(group), {"unread": True})
    assert ada.post("conversations/read/", None).status_code == 204
    for here in (group, other):
        assert "marked_unread" not in ada.get(f"conversations/{here.id}/").json()["membership"]
    assert api(cast.ben).get(f"conversations/{group.id}/").json()["membership"]["marked_unread"]


def test_the_form_leads_back_but_nowhere_else(cast: Cast, group: Conversation, enter: Enter) -> None:  # noqa: F811
    browser, here = enter(cast.ada), f"/c/{group.id}/arrange/"
    assert browser.post(here, {"pinned": "true", "next": "/archive/"})["Location"] == "/archive/"
    assert browser.post(here, {"pinned": "true", "next": "https://evil.example/"})["Location"] == "/"
