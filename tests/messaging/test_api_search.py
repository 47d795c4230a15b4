"""`GET search/`: what other clients find."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from messaging.documents import Conversation
from messaging.services import conversations, receipts, search
from messaging.services.search import finding
from tests.cast import Cast
from tests.messaging.conftest import Apis, Hide, problem, say

pytestmark = pytest.mark.mongo


def test_hits_come_with_how_they_read(cast: Cast, api: Apis, group: Conversation) -> None:
    say(cast.ben, group, "**Kites** & <b>crème</b> fly")
    body: dict[str, Any] = api(cast.ada).get("search/", q="creme kit").json()
    (hit,) = body["results"]
    assert hit["message"]["conversation_id"] == str(group.id)
    assert hit["message"]["sender_id"] == cast.ben.chat_id
    assert [one["text"] for one in hit["excerpt"] if one["hit"]] == ["Kites", "crème"]
    assert "".join(one["text"] for one in hit["excerpt"]) == "Kites & <b>crème</b> fly"
    assert (body["next"], body["complete"], body["filters"]) == (None, True, [])


def test_pages_follow_each_other(cast: Cast, api: Apis, group: Conversation) -> None:
    for number in range(5):
        say(cast.ada, group, f"kite {number}")
    read, address = [], "search/?q=kite&limit=2"
    while address:
        body = api(cast.ben).get(address).json()
        read += [one["message"]["content"] for one in body["results"]]
        following = body["next"] and urlsplit(body["next"])
        address = following and f"search/?{following.query}"
    assert read == [f"kite {number}" for number in (4, 3, 2, 1, 0)]


def test_strangers_find_nothing(cast: Cast, api: Apis, group: Conversation) -> None:
    say(cast.ada, group, "an orchid")
    assert len(api(cast.ben).get("search/", q="orchid").json()["results"]) == 1
    for text in ("orchid", "from:@ada orchid", f"in:{group.id}", "in:Kites"):
        assert api(cast.eve).get("search/", q=text).json()["results"] == []


def test_half_typed_syntax_is_no_error(cast: Cast, api: Apis, group: Conversation) -> None:
    say(cast.ada, group, "kite")
    for text in (
        "",
        '"',
        "kite from:",
        'kite in:"',
        "kite before:2026-1",
        "kite has:",
        "k",
        "%00",
        "* ( [ $where",
        "\x00",
    ):
        response = api(cast.ada).get("search/", q=text)
        assert response.status_code == 200, text
    body = api(cast.ada).get("search/", q="kite has:cheese").json()
    assert [one["message"]["content"] for one in body["results"]] == ["kite"]
    assert body["filters"][0]["problem"]


def test_what_is_no_search_is_refused(cast: Cast, api: Apis) -> None:
    for query in (
        {},
        {"q": "x" * 401},
        {"q": "a", "order": "worst"},
        {"q": "ab", "cursor": "x"},
        {"q": "a", "limit": 51},
    ):
        problem(api(cast.ada).get("search/", **query), 400, "invalid")


def test_who_searches_too_long_is_told(
    cast: Cast, api: Apis, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(cast.ada, group, "kite")
    search.take_in_all()
    monkeypatch.setattr(finding, "SECONDS", -1)
    assert "too long" in problem(api(cast.ada).get("search/", q="kite"), 503, "unavailable")["detail"]


def test_receipts_in_hits_are_as_private_as_elsewhere(cast: Cast, api: Apis, group: Conversation, hide: Hide) -> None:
    say(cast.ada, group, "kite")
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    receipts.gatherer.flush()
    assert api(cast.ada).get("search/", q="kite").json()["results"][0]["message"]["read_by"]
    hide(cast.ada)
    assert not api(cast.ada).get("search/", q="kite").json()["results"][0]["message"]["read_by"]


def test_the_private_one_of_others_is_not_found(cast: Cast, api: Apis) -> None:
    talk, _new = conversations.start_private(cast.eve.chat_id, cast.dora.chat_id)
    say(cast.eve, talk, "an orchid")
    assert len(api(cast.eve).get("search/", q="orchid").json()["results"]) == 1
    assert api(cast.ada).get("search/", q="orchid").json()["results"] == []
