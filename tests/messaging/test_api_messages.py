"""Messages, changes and receipts over HTTP (PROTOCOL.md, "HTTP")."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from pymongo.errors import ServerSelectionTimeoutError

from chatsite.realtime.limits import Pace
from chatsite.types import ObjectId
from messaging.documents import CONTENT_MAX, Conversation
from messaging.repositories import conversations as stored
from messaging.repositories import messages as log
from messaging.repositories import receipts as limits
from messaging.services import conversations, pace, receipts
from tests.cast import Cast
from tests.messaging.conftest import ROOT, Apis, problem, say

pytestmark = pytest.mark.django_db

MESSAGE = {"id", "conversation_id", "seq", "client_id", "sender_id", "content", "attachments", "reply_to", "mentions"}
MESSAGE |= {"created_at", "updated_at", "delivered_to", "read_by", "reactions", "edited_at", "deleted_at", "pinned_at"}


def text(content: object, **more: object) -> dict[str, object]:
    return {"client_id": str(uuid4()), "content": content, **more}


def test_sending_is_idempotent(cast: Cast, api: Apis, group: Conversation) -> None:
    address, body = f"conversations/{group.id}/messages/", text("Ça va? 🙂")
    first, second = api(cast.ada).post(address, body), api(cast.ada).post(address, {**body, "content": "other"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json().keys() == MESSAGE
    assert first.json().items() >= {"seq": 1, "content": "Ça va? 🙂", "sender_id": str(cast.ada.pk)}.items()
    assert api(cast.ben).post(address, body).json()["seq"] == 2  # a client_id is its sender's own


def test_an_answer_names_what_it_answers(cast: Cast, api: Apis, group: Conversation) -> None:
    asked = say(cast.ben, group, "Who comes?")
    address = f"conversations/{group.id}/messages/"
    assert api(cast.ada).post(address, text("I do", reply_to=str(asked.id))).json()["reply_to"] == str(asked.id)
    other = conversations.create_group(cast.ada.chat_id, "Elsewhere", [])
    elsewhere = say(cast.ada, other)
    problem(api(cast.ada).post(address, text("no", reply_to=str(elsewhere.id))), 404, "not_found")
    problem(api(cast.ada).post(address, text("no", reply_to="7")), 400, "invalid")


BAD = [
    ("", 400),
    ("a\0b", 400),
    (7, 400),
    (None, 400),
    (["a"], 400),
    ({"a": "b"}, 400),
    (True, 400),
    ("x" * (CONTENT_MAX + 1), 413),
]


@pytest.mark.parametrize(("content", "status"), BAD)
def test_wrong_content_is_refused_and_not_stored(
    cast: Cast, api: Apis, group: Conversation, content: object, status: int
) -> None:
    address = f"conversations/{group.id}/messages/"
    problem(api(cast.ada).post(address, text(content)), status, "too_large" if status == 413 else "invalid")
    assert api(cast.ada).get(address).json()["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'{"client_id": "x"}',
        b'{"client_id": "11111111-1111-4111-8111-111111111111", "content": "\\ud800"}',
        b'{"client_id": "11111111-1111-4111-8111-111111111111", "content": "\xed\xa0\x80"}',
        b'{"client_id": "11111111-1111-4111-8111-111111111111", "content": "hi", "html": "x"}',
        b'{"client_id": "11111111-1111-4111-8111-111111111111", "content": "hi", "attachments": ["x"]}',
        b'{"client_id": 1, "content": "hi"}',
        b"[" * 100_000,
        b'{"client_id": NaN}',
    ],
)
def test_what_is_no_message_is_refused(cast: Cast, api: Apis, group: Conversation, body: bytes) -> None:
    address = f"conversations/{group.id}/messages/"
    problem(api(cast.ada).post(address, body), 400, "invalid")
    assert api(cast.ada).get(address).json()["results"] == []


def test_a_body_beyond_all_measure(cast: Cast, api: Apis, group: Conversation) -> None:
    problem(api(cast.ada).post(f"conversations/{group.id}/messages/", text("x" * 300_000)), 413, "too_large")


def test_the_longest_message_fits_however_it_is_written(cast: Cast, api: Apis, group: Conversation) -> None:
    sent = api(cast.ada).post(f"conversations/{group.id}/messages/", text("🙂" * CONTENT_MAX))
    assert sent.json()["content"] == "🙂" * CONTENT_MAX


@pytest.mark.parametrize(
    ("query", "seqs", "before", "after"),
    [
        ({"limit": 3}, [8, 9, 10], True, False),
        ({"before": 4, "limit": 2}, [2, 3], True, True),
        ({"before": 3}, [1, 2], False, True),
        ({"before": 1}, [], False, True),
        ({"after": 8}, [9, 10], True, False),
        ({"after": 10}, [], True, False),
        ({"after": 99}, [], True, False),
        ({"after": 0, "limit": 2}, [1, 2], False, True),
        ({"around": 5, "limit": 4}, [3, 4, 5, 6], True, True),
        ({"around": 1, "limit": 4}, [1, 2, 3, 4], False, True),
    ],
)
def test_pages(
    cast: Cast, api: Apis, group: Conversation, query: dict[str, int], seqs: list[int], before: bool, after: bool
) -> None:
    for number in range(10):
        say(cast.ada, group, f"number {number}")
    page = api(cast.ben).get(f"conversations/{group.id}/messages/", **query).json()
    assert [one["seq"] for one in page["results"]] == seqs
    assert (page["has_before"], page["has_after"], page["head"]) == (before, after, [10, 1])


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 201}, {"limit": "many"}, {"before": -1}, {"before": 2**60}, {"after": "x"}, {"page": 2}]
    + [{"before": 3, "after": 1}, {"before": [1, 2]}],
)
def test_a_page_is_asked_for_strictly(cast: Cast, api: Apis, group: Conversation, query: dict[str, Any]) -> None:
    problem(api(cast.ada).get(f"conversations/{group.id}/messages/", **query), 400, "invalid")


def test_changes_since(cast: Cast, api: Apis, group: Conversation) -> None:
    conversations.rename(cast.ada.chat_id, group.id, "Dragons")
    page = api(cast.ben).get(f"conversations/{group.id}/changes/", limit=1).json()
    assert ([one["kind"] for one in page["results"]], page["more"], page["head"]) == (["created"], True, [0, 2])
    page = api(cast.ben).get(f"conversations/{group.id}/changes/", after=1).json()
    assert [(one["rev"], one["kind"], one["details"]) for one in page["results"]] == [
        (2, "renamed", {"name": "Dragons"})
    ]
    assert page["more"] is False


def test_receipts_say_who_and_when(cast: Cast, api: Apis, group: Conversation) -> None:
    address, sent = f"conversations/{group.id}/receipts/", say(cast.ada, group)
    mine = api(cast.ben).post(address, {"kind": "read", "seq": sent.seq})
    assert mine.json().items() >= {"read_seq": 1, "delivered_seq": 1}.items()
    api(cast.cleo).post(address, {"kind": "delivered", "seq": 99})
    known = api(cast.ada).get(address, seq=sent.seq).json()
    assert [one["user_id"] for one in known["read_by"]] == [str(cast.ben.pk)]
    assert {one["user_id"] for one in known["delivered_to"]} == {str(cast.ben.pk), str(cast.cleo.pk)}
    assert all(one["timestamp"].endswith("Z") for one in known["delivered_to"] + known["read_by"])
    problem(api(cast.ada).get(address, seq=2), 404, "not_found")
    problem(api(cast.ada).get(address), 400, "invalid")
    problem(api(cast.ada).post(address, {"kind": "seen", "seq": 1}), 400, "invalid")


def test_receipts_of_a_large_conversation_come_from_the_cursors(
    cast: Cast, api: Apis, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MEMBERS_WITH_NAMES", 2)
    sent = say(cast.ada, group)
    receipts.mark(cast.ben.chat_id, group.id, "read", sent.seq)
    known = api(cast.ada).get(f"conversations/{group.id}/receipts/", seq=sent.seq).json()
    whom = [{"user_id": str(cast.ben.pk), "timestamp": None}]
    assert known == {"delivered_to": whom, "read_by": whom}


def test_strangers_find_nothing(cast: Cast, api: Apis, group: Conversation) -> None:
    sent = say(cast.ada, group)
    assert api(cast.ben).get(f"messages/{sent.id}/").json()["content"] == "hello"
    here, people = f"conversations/{group.id}/", {"user_ids": [str(cast.eve.pk)]}
    tried = [
        ("GET", here, None),
        ("PATCH", here, {"name": "Mine"}),
        ("GET", f"{here}members/", None),
        ("POST", f"{here}members/", people),
        ("PATCH", f"{here}members/{cast.ben.pk}/", {"role": "admin"}),
        ("DELETE", f"{here}members/{cast.ben.pk}/", None),
        ("DELETE", f"{here}members/{cast.eve.pk}/", None),
        ("GET", f"{here}messages/", None),
        ("POST", f"{here}messages/", text("hi")),
        ("GET", f"{here}changes/", None),
        ("GET", f"{here}receipts/?seq=1", None),
        ("POST", f"{here}receipts/", {"kind": "read", "seq": 1}),
        ("GET", f"messages/{sent.id}/", None),
    ]
    for method, path, body in tried:
        stranger = problem(api(cast.eve)(method, path, body), 404, "not_found")
        nowhere = path.replace(str(group.id), str(ObjectId())).replace(str(sent.id), str(ObjectId()))
        assert problem(api(cast.eve)(method, nowhere, body), 404, "not_found") == stranger
    assert api(cast.ada).get(f"{here}messages/").json()["head"] == [1, 1]


@pytest.mark.parametrize("wrong", ["7", "x" * 24, "0" * 23, "0" * 25, "%00" * 8, "../me", "é" * 24])
def test_an_id_that_cannot_be_is_a_stranger_too(cast: Cast, api: Apis, wrong: str) -> None:
    problem(api(cast.ada).get(f"conversations/{wrong}/messages/"), 404, "not_found")
    problem(api(cast.ada).get(f"messages/{wrong}/"), 404, "not_found")


def test_nobody_comes_in_without_a_credential(cast: Cast, group: Conversation) -> None:
    for path in ("conversations/", f"conversations/{group.id}/messages/"):
        response = Client().get(ROOT + path)
        problem(response, 401, "invalid_credentials")
        assert response["WWW-Authenticate"] == "Bearer"


def test_nobody_sends_in_the_name_of_someone_else_who_was_signed_in_here(
    cast: Cast, group: Conversation, client: Client
) -> None:
    client.force_login(cast.ben)
    body = {"client_id": str(uuid4()), "content": "from ada's outbox"}
    for who, status in ((cast.ada, 401), (cast.ben, 201)):
        path = f"{ROOT}conversations/{group.id}/messages/"
        answer = client.post(path, body, "application/json", headers={"X-User-Id": who.chat_id})
        assert answer.status_code == status, answer.content
    assert [one.sender_id for one in log.last(group.id, 5)] == [cast.ben.chat_id]


def test_a_wrong_address_has_the_same_shape(cast: Cast, api: Apis) -> None:
    for path in ("conversation/", "", "conversations"):
        problem(api(cast.ada).get(path), 404, "not_found")
    problem(api(cast.ada)("PUT", "conversations/", {}), 405, "invalid")


def test_with_mongodb_away_the_answer_is_503(cast: Cast, api: Apis, group: Conversation) -> None:
    with patch.object(stored, "of_member", side_effect=ServerSelectionTimeoutError("no primary")):
        response = api(cast.ada).get(f"conversations/{group.id}/messages/")
    problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) >= 1


def test_who_writes_too_fast_is_told_when_to_go_on(cast: Cast, api: Apis, group: Conversation) -> None:
    address, writer = f"conversations/{group.id}/messages/", api(cast.ada)
    with patch.object(pace, "writing", Pace(per_second=0.5, at_once=2)):
        assert [writer.post(address, text("quick")).status_code for _ in range(2)] == [201, 201]
        refused = writer.post(address, text("quick"))
        assert api(cast.ben).post(address, text("quick")).status_code == 201
    problem(refused, 429, "too_fast")
    assert 1 <= int(refused["Retry-After"]) <= 3
    assert len(writer.get(address).json()["results"]) == 3
