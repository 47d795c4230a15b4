"""Sending and reading with forms alone."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.services import relationships
from messaging.documents import CONTENT_MAX, Conversation
from messaging.repositories import conversations, messages
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def send(client: Client, where: Conversation, content: str, **more: object) -> HttpResponse:
    form = {"content": content, "client_id": str(uuid4())} | more
    answer: HttpResponse = client.post(f"/c/{where.id}/messages/", form)
    return answer


def contents(where: Conversation) -> list[str]:
    return [one.content for one in messages.last(where.id, 50)]


def test_the_form_on_the_page_sends(cast: Cast, talks: Talks, enter: Enter) -> None:
    client = enter(cast.ada, checks=True)
    html = client.get(f"/c/{talks.private.id}/").content.decode()
    (form,) = re.findall(r'<form method="post" action="([^"]+/messages/)"(.*?)</form>', html, re.S)
    answer = client.post(form[0], dict(HIDDEN.findall(form[1])) | {"content": "Hello\r\n  Ben"})
    assert answer.status_code == 302
    assert contents(talks.private) == ["Hello\n  Ben"]
    assert "Hello\n  Ben" in unescape(client.get(answer["Location"]).content.decode())


def test_the_same_form_twice_is_one_message(cast: Cast, talks: Talks, enter: Enter) -> None:
    client, same = enter(cast.ada), str(uuid4())
    for _ in range(2):
        assert send(client, talks.private, "Once", client_id=same).status_code == 302
    assert contents(talks.private) == ["Once"]


def test_an_old_page_from_the_history_loses_nothing(cast: Cast, talks: Talks, enter: Enter) -> None:
    client, same = enter(cast.ada), str(uuid4())
    send(client, talks.private, "First", client_id=same)
    send(client, talks.private, "Second", client_id=same)
    assert contents(talks.private) == ["First", "Second"]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        ("", 400, "A message needs some text."),
        (" \n\t", 400, "A message needs some text."),
        ("x" * (CONTENT_MAX + 1), 413, "at most 10000 characters"),
        ("a\0b", 400, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_sent_comes_back_with_the_reason(
    cast: Cast, talks: Talks, enter: Enter, content: str, status: int, words: str
) -> None:
    answer = send(enter(cast.ada), talks.private, content)
    assert answer.status_code == status
    html = unescape(answer.content.decode())
    assert words in html
    assert f"\n{content}</textarea>" in html
    assert contents(talks.private) == []


def test_the_longest_message_is_sent(cast: Cast, talks: Talks, enter: Enter) -> None:
    longest = ("line\r\n" * CONTENT_MAX)[: CONTENT_MAX + CONTENT_MAX // 5]  # a form doubles each line break
    assert send(enter(cast.ada), talks.private, longest).status_code == 302
    assert len(contents(talks.private)[0]) == CONTENT_MAX


def test_a_wrong_client_id_is_refused(cast: Cast, talks: Talks, enter: Enter) -> None:
    assert send(enter(cast.ada), talks.private, "Hello", client_id="not one").status_code == 400
    assert contents(talks.private) == []


def test_who_blocks_sends_nothing_and_what_the_other_sends_is_taken(cast: Cast, talks: Talks, enter: Enter) -> None:
    relationships.block(cast.ben.chat_id, cast.ada.chat_id)
    assert send(enter(cast.ben), talks.private, "Go away").status_code == 404
    assert send(enter(cast.ada), talks.private, "Hello?").status_code == 302
    assert contents(talks.private) == ["Hello?"]


def test_an_answer_must_be_to_a_message_of_this_conversation(cast: Cast, talks: Talks, enter: Enter) -> None:
    here, elsewhere = say(cast.ben, talks.private, "Here"), say(cast.ben, talks.group, "There")
    send(enter(cast.ada), talks.private, "Wrong", reply_to=str(elsewhere.id))
    assert contents(talks.private) == ["Here"]
    send(enter(cast.ada), talks.private, "Right", reply_to=str(here.id))
    assert messages.last(talks.private.id, 1)[0].reply_to == here.id


def test_answering_marks_what_the_page_showed_as_read(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.private, times=3)
    send(enter(cast.ada), talks.private, "I see", seen=2)
    seat = conversations.seat(talks.private.id, cast.ada.chat_id)
    assert seat is not None and seat.read_seq == 2


def test_marking_as_read(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.private, times=3)
    client, where = enter(cast.ada), reverse("conversation-read", args=[str(talks.private.id)])
    assert client.post(where, {"seq": 3}).status_code == 302
    seat = conversations.seat(talks.private.id, cast.ada.chat_id)
    assert seat is not None and (seat.read_seq, seat.delivered_seq) == (3, 3)
    assert client.post(where, {"seq": "many"}).status_code == 400
