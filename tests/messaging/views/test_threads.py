"""Threads as pages and over the API: where replies stand, and who gets to see them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from messaging.documents import Message
from messaging.repositories.projector import projector
from messaging.services import amendments, members, messages
from tests.cast import Cast
from tests.messaging.conftest import Apis, api
from tests.messaging.views.conftest import Enter, Talks, say

__all__ = ["api"]
pytestmark = pytest.mark.django_db


def reply(who: User, root: Message, text: str = "so do I", times: int = 1) -> Message:
    here = root.conversation_id
    return [messages.send(who.chat_id, here, uuid4(), text, thread_id=root.id).message for _ in range(times)][-1]


def thread_of(root: Message) -> str:
    return f"/c/{root.conversation_id}/threads/{root.id}/"


def read(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def root(cast: Cast, talks: Talks) -> Message:
    return say(cast.ada, talks.group, "who *comes*?")


def test_the_conversation_shows_a_chip_and_a_line_for_a_reply(
    cast: Cast, talks: Talks, enter: Enter, root: Message
) -> None:
    last = reply(cast.ben, root, "so **do** I")  # not counted yet: the page counts it
    page = read(enter(cast.ada), f"/c/{talks.group.id}/")
    assert '<span class="thread-count">1 reply</span>' in page
    assert f'class="thread-chip" href="{thread_of(root)}" data-count="1" data-seq="{last.seq}"' in page
    assert f'href="{thread_of(root)}?around={last.seq}#reply-{last.seq}"' in page
    assert '<span class="message-body cut" dir="auto">so do I</span>' in page
    assert "in thread of <bdi>Ada Lovelace</bdi>" in page
    assert f'id="reply-{last.seq}"' not in page and "<template>" not in page


def test_the_thread_has_its_root_its_replies_and_a_form_that_works_without_script(
    cast: Cast, enter: Enter, root: Message
) -> None:
    client = enter(cast.ben, checks=False)
    form = {"client_id": str(uuid4()), "content": "me too", "thread_id": str(root.id)}
    sent = client.post(f"/c/{root.conversation_id}/messages/", form)
    assert sent.status_code == 302 and sent["Location"] == thread_of(root)
    page = read(client, thread_of(root))
    assert f'id="reply-{root.seq}"' in page and f'id="reply-{root.seq + 1}"' in page
    assert 'name="thread_id"' in page and '">1 reply</span>' in page


def test_the_page_of_a_reply_is_that_of_its_thread(cast: Cast, enter: Enter, root: Message) -> None:
    last = reply(cast.ben, root)
    moved = enter(cast.ada).get(thread_of(last))
    assert moved.status_code == 302 and moved["Location"] == thread_of(root)


def test_what_could_not_be_sent_comes_back_into_the_thread(cast: Cast, enter: Enter, root: Message) -> None:
    reply(cast.ben, root)
    amendments.delete(cast.ada.chat_id, root.id, uuid4())
    form = {"client_id": str(uuid4()), "content": "too late", "thread_id": str(root.id)}
    answer = enter(cast.ben).post(f"/c/{root.conversation_id}/messages/", form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "this thread begins with was deleted" in page and "too late</textarea>" in page
    assert page.count("too late</textarea>") == 1


def test_a_long_thread_comes_in_pages_in_both_directions(cast: Cast, enter: Enter, root: Message) -> None:
    reply(cast.ben, root, times=60)
    client, log = enter(cast.ada), f"{thread_of(root)}messages/"
    newest = client.get(log)
    assert (newest["X-Has-Before"], newest["X-Has-After"]) == ("1", "0")
    assert newest.content.decode().count('class="message ') == 50
    first = 62 - 50
    above = client.get(f"{log}?before={first}")
    assert above.content.decode().count('class="message ') == 11  # ten replies, and what they are to
    assert (above["X-Has-Before"], above["X-Has-After"]) == ("0", "1")
    projector.flush()  # a page that has not the last replies says what was counted
    below = client.get(f"{log}?after={first - 1}")
    assert below.content.decode() == newest.content.decode()
    assert '">60 replies</span>' in read(client, f"{thread_of(root)}?around=5")


@pytest.mark.parametrize("path", ["", "messages/"])
def test_strangers_and_those_who_left_find_nothing(cast: Cast, enter: Enter, root: Message, path: str) -> None:
    assert User.objects.filter(username="eve").exists()
    reply(cast.ben, root)
    assert enter(cast.eve).get(thread_of(root) + path).status_code == 404
    members.leave(cast.cleo.chat_id, root.conversation_id)
    assert enter(cast.cleo).get(thread_of(root) + path).status_code == 404
    elsewhere = thread_of(root).replace(str(root.conversation_id), str(root.id))
    assert enter(cast.ada).get(elsewhere + path).status_code == 404


def test_a_thread_of_another_conversation_is_not_in_this_one(
    cast: Cast, talks: Talks, enter: Enter, root: Message
) -> None:
    there = say(cast.ada, talks.private)
    mixed = f"/c/{talks.private.id}/threads/{root.id}/"
    assert enter(cast.ada).get(f"/c/{talks.private.id}/threads/{there.id}/").status_code == 200
    assert enter(cast.ada).get(mixed).status_code == 404


def test_the_api_pages_through_a_thread(cast: Cast, talks: Talks, api: Apis, root: Message) -> None:  # noqa: F811
    first = reply(cast.ben, root, "first")
    say(cast.ben, talks.group, "beside it")
    last = reply(cast.cleo, root, "last")
    projector.flush()
    ask = api(cast.ada)
    newest = ask.get(f"messages/{root.id}/thread/").json()
    assert [one["id"] for one in newest["results"]] == [str(first.id), str(last.id)]
    assert newest["root"]["thread"]["count"] == 2 and newest["root"]["id"] == str(root.id)
    assert not newest["has_before"] and not newest["has_after"] and newest["head"][0] == last.seq
    above = ask.get(f"messages/{last.id}/thread/", before=last.seq, limit=1).json()
    assert [one["content"] for one in above["results"]] == ["first"] and above["has_after"]
    below = ask.get(f"messages/{root.id}/thread/", after=first.seq).json()
    assert [one["content"] for one in below["results"]] == ["last"] and below["has_before"]
    around = ask.get(f"messages/{root.id}/thread/", around=last.seq, limit=2).json()
    assert [one["content"] for one in around["results"]] == ["first", "last"]
    assert api(cast.eve).get(f"messages/{root.id}/thread/").status_code == 404
