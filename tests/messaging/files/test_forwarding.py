"""Messages that are passed on: with their files, which are stored once and belong to each; and who wrote them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.services import relationships
from messaging import presentation
from messaging.documents import Conversation, Message
from messaging.repositories import messages as log
from messaging.repositories import uploads
from messaging.services import amendments, attachments, conversations, forwarding, members
from messaging.services import uploads as moving
from tests.cast import Cast, acquaint
from tests.messaging.conftest import Api, Apis, problem, say
from tests.messaging.files.conftest import TEXT, Get, body, send, stored, upload

pytestmark = pytest.mark.django_db


def forward(api: Api, message: Message, *places: Conversation, people: tuple[User, ...] = (), **more: object) -> Any:
    wanted = {"conversation_ids": [str(one.id) for one in places], "user_ids": [str(one.pk) for one in people]}
    return api.post(f"messages/{message.id}/forward/", {"client_id": str(uuid4()), **wanted, **more})


def elsewhere(cast: Cast) -> Conversation:
    return conversations.create_group(cast.ada.chat_id, "Elsewhere", [cast.dora.chat_id])


def last(where: Conversation) -> Message:
    return log.last(where.id, 1)[0]


def test_it_goes_to_conversations_and_to_people_once(cast: Cast, api: Apis, group: Conversation) -> None:
    original, other = say(cast.ben, group, "Look, @cleo and @all"), elsewhere(cast)
    wanted = {"people": (cast.dora,), "client_id": str(uuid4())}
    first, again = (forward(api(cast.ada), original, other, **wanted).json() for _ in range(2))
    assert first == again
    assert [one["problem"] for one in first["results"]] == [None, None]
    private = conversations.start_private(cast.ada.chat_id, cast.dora.chat_id)[0]
    for where in (other, private):
        (sent,) = log.last(where.id, 9)
        assert (sent.content, sent.sender_id, sent.mentions) == (original.content, cast.ada.chat_id, [])
        assert sent.forwarded and sent.forwarded.author_id == cast.ben.chat_id
    assert str(group.id) not in str(first)


def test_whose_words_they_were_is_drawn_and_stays_through_another_hand(
    cast: Cast, api: Apis, group: Conversation
) -> None:
    other = elsewhere(cast)
    forward(api(cast.ada), say(cast.ben, group, "mine"), other)
    forward(api(cast.dora), last(other), other)
    assert last(other).forwarded == log.last(other.id, 2)[0].forwarded
    (html,) = presentation.draw_messages([last(other)])
    assert "Forwarded from <bdi>Ben Okafor</bdi>" in html
    forward(api(cast.ada), say(cast.ada, group, "my own"), other)
    (html,) = presentation.draw_messages([last(other)])
    assert "Forwarded</span>" in html


def test_each_place_says_for_itself(cast: Cast, api: Apis, group: Conversation) -> None:
    original, talk = say(cast.ben, group), acquaint(cast.ada, cast.eve)
    relationships.block(cast.ada.chat_id, cast.eve.chat_id)
    strange = conversations.create_group(cast.dora.chat_id, "Not hers", [])
    results = forward(api(cast.ada), original, strange, group, talk).json()["results"]
    assert [(one["problem"] or {}).get("code") for one in results] == ["not_found", None, "not_found"]
    assert log.last(strange.id, 9) == log.last(talk.id, 9) == []


def test_what_cannot_be_passed_on(cast: Cast, api: Apis, group: Conversation) -> None:
    original, ada = say(cast.ben, group), api(cast.ada)
    problem(forward(api(cast.eve), original, group), 404, "not_found")
    problem(forward(ada, original), 400, "invalid")
    many = [str(group.id)] * forwarding.MOST
    problem(forward(ada, original, conversation_ids=many, user_ids=[str(cast.ben.pk)]), 413, "too_large")
    amendments.delete(cast.ben.chat_id, original.id, uuid4())
    problem(forward(ada, original, group), 409, "conflict")


def test_its_files_are_for_those_it_is_passed_on_to(
    cast: Cast, api: Apis, group: Conversation, get: Get, media: Path
) -> None:
    original, other = send(cast.ben, group, upload(api(cast.ben), group)["id"]), elsewhere(cast)
    forward(api(cast.ada), original, other)
    (first,), (copy,) = original.attachments, last(other).attachments
    assert (copy.name, copy.size, copy.type) == (first.name, first.size, first.type)
    assert [get(who, first.url).status_code for who in (cast.cleo, cast.dora, cast.eve)] == [200, 404, 404]
    assert [get(who, copy.url).status_code for who in (cast.cleo, cast.dora, cast.eve)] == [404, 200, 404]
    assert body(get(cast.dora, copy.url)) == TEXT
    assert len(stored(media)) == 1
    assert uploads.room(cast.ada.chat_id)[0] == len(TEXT)


@pytest.mark.parametrize("first", [0, 1])
def test_the_bytes_go_with_the_last_who_has_them(
    cast: Cast, api: Apis, group: Conversation, get: Get, media: Path, first: int
) -> None:
    original, other = send(cast.ada, group, upload(api(cast.ada), group)["id"]), elsewhere(cast)
    forward(api(cast.ada), original, other)
    both = [original, last(other)]
    amendments.delete(cast.ada.chat_id, both[first].id, uuid4())
    assert get(cast.ada, both[first].attachments[0].url).status_code == 404
    assert body(get(cast.ada, both[1 - first].attachments[0].url)) == TEXT
    amendments.delete(cast.ada.chat_id, both[1 - first].id, uuid4())
    assert stored(media) == []
    assert attachments.sweep() == 0


def test_a_file_that_is_deleted_meanwhile_is_not_passed_on(
    cast: Cast, api: Apis, group: Conversation, media: Path
) -> None:
    original, other = send(cast.ben, group, upload(api(cast.ben), group)["id"]), elsewhere(cast)
    insert = uploads.insert

    def deleted_before(copy: Any) -> None:
        amendments.delete(cast.ben.chat_id, original.id, uuid4())
        insert(copy)

    with patch.object(uploads, "insert", deleted_before):
        results = forward(api(cast.ada), original, other).json()["results"]
    assert results[0]["problem"]["code"] == "conflict"
    assert log.last(other.id, 9) == [] and stored(media) == []
    assert uploads.room(cast.ada.chat_id) == (0, 0)


def test_files_take_room_of_who_passes_them_on(cast: Cast, api: Apis, group: Conversation, settings: Any) -> None:
    original, other = send(cast.ben, group, upload(api(cast.ben), group)["id"]), elsewhere(cast)
    settings.FILES_PER_PERSON = 1
    with patch.object(moving, "MEGABYTE", 10):
        results = forward(api(cast.ada), original, other).json()["results"]
    assert results[0]["problem"]["code"] == "too_large"
    members.leave(cast.ada.chat_id, group.id)
    assert uploads.room(cast.ada.chat_id) == (0, 0)
