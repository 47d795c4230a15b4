"""What is found, where, and by whom."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pymongo.collection import Collection

from accounts import policy
from accounts.models import User
from accounts.services import relationships
from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import Invalid, Unavailable
from messaging.documents import BLOCK, Conversation
from messaging.repositories import blocks
from messaging.repositories.indexer import indexer
from messaging.services import amendments, archive, conversations, members, requests, search
from messaging.services.archive import Entry
from messaging.services.search import finding, scanning
from tests.cast import Cast, acquaint
from tests.messaging.conftest import say

pytestmark = pytest.mark.mongo


def found(who: User, text: str, **how: object) -> list[str]:
    """What the messages that this person finds say."""
    results = search.find(search.ask(who.chat_id, text), **how)  # type: ignore[arg-type]
    return [one.message.content for one in results.hits]


def fill(here: Conversation, who: User, texts: list[str]) -> None:
    """Into the log, one second apart, the last one now."""
    start = now() - timedelta(seconds=len(texts))
    entries = [
        Entry(str(uuid4()), who.chat_id, text, start + timedelta(seconds=number)) for number, text in enumerate(texts)
    ]
    assert sum(archive.take_in(here.id, entries)) == len(texts)


@pytest.fixture(params=["in the log", "in the index"])
def settled(request: pytest.FixtureRequest) -> object:
    """What was just said is found at once, and later as well."""

    def settle() -> None:
        if request.param == "in the index":
            indexer.flush()
            assert blocks.search_blocks().count_documents({}) > 0

    return settle


def test_words_beginnings_and_phrases_are_found_newest_first(cast: Cast, group: Conversation, settled) -> None:  # type: ignore[no-untyped-def]
    for text in ("The red kite", "A kitesurfer in red", "Crème brûlée", "red as a kite", "今日は良い天気です"):
        say(cast.ada, group, text)
    settled()
    assert found(cast.ben, "kite") == ["red as a kite", "A kitesurfer in red", "The red kite"]
    assert found(cast.ben, "kite ") == ["red as a kite", "The red kite"]
    assert found(cast.ben, "KI red") == []
    assert found(cast.ben, "red ki") == ["red as a kite", "A kitesurfer in red", "The red kite"]
    assert found(cast.ben, '"red kite"') == ["The red kite"]
    assert found(cast.ben, "creme bru") == ["Crème brûlée"]
    assert found(cast.ben, "天気") == found(cast.ben, "良") == ["今日は良い天気です"]
    assert found(cast.ben, "x") == found(cast.ben, "") == []


def test_strangers_words_are_never_found(cast: Cast, group: Conversation, settled) -> None:  # type: ignore[no-untyped-def]
    theirs = conversations.create_group(cast.eve.chat_id, "Elsewhere", [cast.dora.chat_id])
    say(cast.eve, theirs, "a hidden orchid")
    say(cast.ada, group, "an orchid for all")
    settled()
    assert found(cast.dora, "orchid") == ["a hidden orchid"]
    assert found(cast.ada, "orchid") == ["an orchid for all"]
    for text in (
        "hidden",
        "from:@eve",
        "from:@eve hidden",
        f"in:{theirs.id} hidden",
        "in:Elsewhere orchid",
        "has:link",
    ):
        assert found(cast.ada, text) == [], text


def test_who_leaves_finds_nothing_there_any_more(cast: Cast, group: Conversation, settled) -> None:  # type: ignore[no-untyped-def]
    say(cast.ada, group, "an orchid")
    settled()
    assert found(cast.ben, "orchid")
    members.leave(cast.ben.chat_id, group.id)
    assert not found(cast.ben, "orchid")


def test_blocks_and_declined_requests_hide_what_they_hide_elsewhere(cast: Cast, group: Conversation) -> None:
    talk = acquaint(cast.ada, cast.ben)
    say(cast.ben, talk, "private orchid")
    say(cast.ben, group, "orchid for all")
    assert found(cast.ada, "orchid") == ["orchid for all", "private orchid"]
    relationships.block(cast.ada.chat_id, cast.ben.chat_id)
    policy.blocking([cast.ada.chat_id], now=True)
    assert found(cast.ada, "orchid") == []
    assert found(cast.ben, "orchid") == ["orchid for all", "private orchid"]


def test_a_declined_request_is_not_looked_into(cast: Cast) -> None:
    talk, _new = conversations.start_private(cast.eve.chat_id, cast.ada.chat_id)
    say(cast.eve, talk, "buy my orchid")
    assert found(cast.ada, "orchid") == ["buy my orchid"]
    requests.decline(cast.ada.chat_id, talk.id)
    assert found(cast.ada, "orchid") == []


def test_edits_and_deletions_are_found_as_they_are_now(cast: Cast, group: Conversation, settled) -> None:  # type: ignore[no-untyped-def]
    first, second = say(cast.ada, group, "an orchid"), say(cast.ada, group, "another orchid")
    settled()
    amendments.edit(cast.ada.chat_id, first.id, str(uuid4()), "a tulip")
    amendments.delete(cast.ada.chat_id, second.id, str(uuid4()))
    assert found(cast.ben, "orchid") == []
    indexer.flush()
    assert found(cast.ben, "orchid") == []
    assert found(cast.ben, "tulip") == ["a tulip"]
    assert b"orchid" not in b"".join(str(one).encode() for one in blocks.search_blocks().find())


def test_filters_narrow(cast: Cast, group: Conversation, settled) -> None:  # type: ignore[no-untyped-def]
    talk = acquaint(cast.ada, cast.ben)
    say(cast.ada, group, "kite one")
    say(cast.ben, group, "kite two https://example.org/")
    say(cast.ben, talk, "kite three")
    settled()
    asked = {
        "from:@ben kite": ["kite three", "kite two https://example.org/"],
        "from:me kite": ["kite one"],
        "from:Okaf": [],
        'from:"Ben Ok"': ["kite three", "kite two https://example.org/"],
        "kite in:kites": ["kite two https://example.org/", "kite one"],
        "kite in:@ben": ["kite three"],
        "kite in:okaf": ["kite three"],
        "has:link": ["kite two https://example.org/"],
        "has:link from:@ada": [],
        "kite has:file": [],
        f"kite before:{now().date() - timedelta(days=2)}": [],
        f"kite after:{now().date() + timedelta(days=2)}": [],
        f"kite after:{now().date() - timedelta(days=2)} in:@ben": ["kite three"],
    }
    for text, expected in asked.items():
        assert found(cast.ada, text) == expected, text


def test_what_is_half_typed_or_wrong_is_said(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group, "kite")
    for text in ("kite has:", "kite has:cheese", "kite before:202x", "kite from:", "kite in:"):
        assert found(cast.ada, text) == ["kite"], text
        assert search.ask(cast.ada.chat_id, text).chips[0].problem
    for text in ("kite from:@nobodyhere", "kite in:nowhere"):
        assert found(cast.ada, text) == [], text
        assert search.ask(cast.ada.chat_id, text).chips[0].problem


def test_long_logs_are_found_whole_and_page_by_page(cast: Cast, group: Conversation) -> None:
    count = 6 * BLOCK + 7
    fill(group, cast.ada, [f"kite number{n}" if n % 5 == 0 else f"noise number{n}" for n in range(count)])
    search.take_in_all()
    expected = [f"kite number{n}" for n in reversed(range(0, count, 5))]
    read, cursor = [], ""
    while True:
        page = search.find(search.ask(cast.ben.chat_id, "kite"), cursor=cursor, limit=50)
        assert page.complete
        read += [one.message.content for one in page.hits]
        cursor = page.next or ""
        if not cursor:
            break
    assert read == expected
    assert found(cast.ben, "number100", limit=50) == [
        *(f"{'kite' if n % 5 == 0 else 'noise'} number{n}" for n in range(1009, 999, -1)),
        "kite number100",
    ]
    assert found(cast.ben, "number1 ") == ["noise number1"]


def test_of_the_newest_hits_the_best_come_first(cast: Cast, group: Conversation) -> None:
    for text in ("red kite", "kites that are red or green or blue", "the kite is red"):
        say(cast.ada, group, text)
    assert found(cast.ben, "red kite", order="best")[0] == "red kite"
    assert found(cast.ben, "red kite")[0] == "the kite is red"
    first = search.find(search.ask(cast.ben.chat_id, "red kite"), "best", limit=2)
    second = search.find(search.ask(cast.ben.chat_id, "red kite"), "best", first.next or "", limit=2)
    assert len(first.hits) == 2
    assert [one.message.content for one in second.hits] == ["kites that are red or green or blue"]


def test_what_was_forgotten_is_taken_in_later(cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a process that died before it took in what it had stored."""
    monkeypatch.setattr(indexer, "add", lambda ids: None)
    monkeypatch.setattr(scanning, "TAIL_MAX", 3)
    fill(group, cast.ada, ["a first orchid", *["noise"] * 10])
    lost = search.find(search.ask(cast.ada.chat_id, "orchid"))
    assert not lost.hits
    assert not lost.complete
    done = search.take_in_all()
    assert done.messages == 11
    assert found(cast.ada, "orchid") == ["a first orchid"]
    assert search.take_in_all().messages == 0


def test_an_index_made_otherwise_is_made_anew(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group, "an orchid")
    indexer.flush()
    blocks.search_blocks().update_many({}, {"$set": {"version": 0, "lines": "x", "terms": ["x"]}})
    assert found(cast.ada, "orchid") == []
    assert search.take_in_all().messages == 1
    assert found(cast.ada, "orchid") == ["an orchid"]


def test_a_large_index_is_forgotten_some_blocks_at_a_time(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once it would take longer than an answer may."""
    fill(group, cast.ada, ["an orchid"] * BLOCK * 2)
    indexer.flush()
    blocks.search_blocks().update_many({}, {"$set": {"version": 0}})
    monkeypatch.setattr(blocks, "AT_ONCE", 1)
    deleted: list[int] = []
    delete = Collection.delete_many

    def noted(self: Any, *given: Any) -> Any:
        deleted.append((done := delete(self, *given)).deleted_count)
        return done

    monkeypatch.setattr(Collection, "delete_many", noted)
    assert blocks.forget() == 3
    assert deleted == [1, 1, 1]


def test_an_edit_while_its_block_is_made_is_not_lost(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = say(cast.ada, group, "an orchid")
    read = blocks._read

    def slowly(*where: object) -> list[dict[str, object]]:
        monkeypatch.setattr(blocks, "_read", read)
        before = read(*where)  # type: ignore[arg-type]
        amendments.edit(cast.ada.chat_id, message.id, str(uuid4()), "a tulip")
        return before

    monkeypatch.setattr(blocks, "_read", slowly)
    blocks.rebuild(group.id, 0)
    assert found(cast.ada, "tulip") == ["a tulip"]
    assert found(cast.ada, "orchid") == []


def test_what_is_taken_in_while_one_searches_is_found_once(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "add", lambda ids: None)
    say(cast.ada, group, "an orchid")
    tail = blocks.tail

    def read_and_take_in(*where: object) -> object:
        found = tail(*where)  # type: ignore[arg-type]
        assert search.take_in_all().messages == 1
        return found

    monkeypatch.setattr(blocks, "tail", read_and_take_in)
    assert found(cast.ada, "orchid") == ["an orchid"]


def test_the_lines_that_fit_are_those_with_all_words_in_them() -> None:
    chance = random.Random(7)
    for _ in range(300):
        rows = [chance.choice(["", " a ", " b ", " a b ", " ab ", " b a b "]) for _ in range(chance.randrange(1, 9))]
        for wanted in ([], [" a "], [" b ", " a"], [" ab "], ["b", " a b "]):
            meant = [(place, row) for place, row in enumerate(rows) if row and all(one in row for one in wanted)]
            assert list(scanning._rows("\n".join(rows), wanted)) == meant


def test_a_search_that_takes_too_long_says_so(cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    say(cast.ada, group, "an orchid")
    indexer.flush()
    monkeypatch.setattr(finding, "SECONDS", -1)
    with pytest.raises(Unavailable, match="too long"):
        found(cast.ada, "orchid")


def test_a_wrong_cursor_is_refused(cast: Cast, group: Conversation) -> None:
    for cursor in ("x", "eA", "AAAA"):
        with pytest.raises(Invalid):
            found(cast.ada, "kite", cursor=cursor)


def test_words_of_a_line_are_asked_of_the_index_alone(cast: Cast, group: Conversation) -> None:
    """What is rare in a long log is found without reading the blocks it is not in."""
    fill(group, cast.ada, ["orchid" if n in (3, BLOCK * 4) else f"noise{n}" for n in range(BLOCK * 12)])
    search.take_in_all()
    for term in ("orchid", {"$regex": "^orch"}):
        asked = {"conversation_id": {"$in": [group.id]}, "terms": term}
        spot = {"conversation_id": 1, "number": 1, "_id": 0}
        plan = mongo.database().command(
            "explain", {"find": "search_blocks", "filter": asked, "projection": spot}, verbosity="executionStats"
        )["executionStats"]
        assert (plan["nReturned"], plan["totalDocsExamined"]) == (2, 0)
    assert found(cast.ada, "orch") == ["orchid", "orchid"]
