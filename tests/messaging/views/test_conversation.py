"""The page of a conversation: complete before any script, at the right place in the log."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import relationships, settings
from messaging.documents import Conversation
from messaging.services import conversations, receipts
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

SEQS = re.compile(r'id="message-(\d+)"')


def page(client: Client, where: Conversation, query: str = "") -> str:
    answer = client.get(f"/c/{where.id}/{query}")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]  # a page from the history would send with the id of an earlier message
    return answer.content.decode()


def seqs(html: str) -> list[int]:
    return [int(one) for one in SEQS.findall(html)]


def stands(html: str, **expected: object) -> bool:
    (tag,) = re.findall(r"<chat-conversation[^>]*>", html)
    return all(f'data-{name.replace("_", "-")}="{value}"' in tag for name, value in expected.items())


def test_it_opens_with_the_last_messages(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ada, talks.group, times=60)
    html = page(enter(cast.ada), talks.group)
    assert seqs(html) == list(range(11, 61))
    assert stands(html, seq=60, first_seq=11, last_seq=60, has_before=1, has_after=0, kind="group")
    assert 'href="?before=11"' in html


def test_it_reaches_up_to_the_first_unread_message(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group, times=100)
    receipts.mark(cast.ada.chat_id, talks.group.id, "read", 20)
    html = page(enter(cast.ada), talks.group)
    assert seqs(html) == list(range(1, 101))
    assert html.index('id="message-20"') < html.index('id="new"') < html.index('id="message-21"')


def test_ones_own_messages_are_no_reason_to_start_higher(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ada, talks.group, times=80)
    say(cast.ben, talks.group)
    html = page(enter(cast.ada), talks.group)
    assert seqs(html) == list(range(32, 82))
    assert html.index('id="message-80"') < html.index('id="new"') < html.index('id="message-81"')


def test_with_very_many_unread_it_opens_where_they_begin(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group, times=260)
    receipts.mark(cast.ada.chat_id, talks.group.id, "read", 10)
    html = page(enter(cast.ada), talks.group)
    found = seqs(html)
    assert found == list(range(found[0], found[-1] + 1))
    assert found[0] < 11 < found[-1] < 260
    assert stands(html, seq=260, last_seq=found[-1], has_after=1)
    assert f'href="?after={found[-1]}"' in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?before=11", range(1, 11)),
        ("?after=55", range(56, 61)),
        ("?around=30", range(5, 55)),
        ("?before=x", range(11, 61)),
    ],
)
def test_other_places_have_addresses(cast: Cast, talks: Talks, enter: Enter, query: str, expected: range) -> None:
    say(cast.ada, talks.group, times=60)
    assert seqs(page(enter(cast.ada), talks.group, query)) == list(expected)


def test_the_fragment_has_only_messages_and_says_what_is_left(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ada, talks.group, times=60)
    client = enter(cast.ben)
    answer = client.get(f"/c/{talks.group.id}/messages/?before=55")
    assert (answer["X-Has-Before"], answer["X-Has-After"]) == ("1", "1")
    html = answer.content.decode()
    assert seqs(html) == list(range(5, 55))
    assert re.findall(r"<li class=\"(\w+)", html) == ["message"] * 50
    answer = client.get(f"/c/{talks.group.id}/messages/?before=3")
    assert (seqs(answer.content.decode()), answer["X-Has-Before"]) == ([1, 2], "0")


def test_everyone_is_named_for_ticks_and_typing(cast: Cast, talks: Talks, enter: Enter) -> None:
    html = page(enter(cast.ada), talks.group)
    others = re.findall(r'<li data-user-id="([^"]+)" data-name="([^"]+)"', html)
    assert sorted(others) == sorted([(cast.ben.chat_id, "Ben Okafor"), (cast.cleo.chat_id, "Cleo Marchetti")])


def test_who_is_blocked_finds_the_page_as_it_was_and_who_blocks_is_led_to_the_person(
    cast: Cast, talks: Talks, enter: Enter
) -> None:
    assert "<textarea" in page(enter(cast.ada), talks.private)
    relationships.block(cast.ben.chat_id, cast.ada.chat_id)
    assert "<textarea" in page(enter(cast.ada), talks.private)
    answer = enter(cast.ben).get(f"/c/{talks.private.id}/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/ada/")


def test_where_one_may_not_write_first_there_is_no_composer(cast: Cast, talks: Talks, enter: Enter) -> None:
    asked, _created = conversations.start_private(cast.eve.chat_id, cast.ada.chat_id)
    assert "<textarea" in page(enter(cast.eve), asked)
    settings.update(cast.ada.chat_id, {"may_message": "friends"})
    html = page(enter(cast.eve), asked)
    assert "<textarea" not in html
    assert "This person chooses who may write to them first." in html


def test_the_list_links_to_what_is_new(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.private, "Look at this")
    client = enter(cast.ada)
    html = client.get(reverse("inbox")).content.decode()
    assert f'href="/c/{talks.private.id}/#new"' in html
    assert f'href="/c/{talks.group.id}/"' in html
    assert "Look at this" in client.get(reverse("inbox") + "?q=okaf").content.decode()
    assert "Look at this" not in client.get(reverse("inbox") + "?q=engine").content.decode()
