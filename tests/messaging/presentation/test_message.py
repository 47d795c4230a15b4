"""One message, drawn the same for everybody."""

from __future__ import annotations

import re

import pytest

from accounts.models import Profile
from accounts.services import people
from messaging.documents import Reaction
from messaging.presentation import blank, draw_messages
from messaging.services import conversations, messages
from tests.cast import Cast
from tests.messaging.presentation.test_timeline import NOON, message

NAME = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_live_events_are_neutral(cast: Cast) -> None:
    (html,) = draw_messages([message(7, cast.ada, 0)])
    assert type(html) is str  # msgspec encodes no subclass of it
    assert re.match(r'<li class="message hue-\d+" id="message-7" data-message-id="[0-9a-f]{24}" data-seq="7"', html)
    assert f'data-sender-id="{cast.ada.chat_id}"' in html and 'data-sender-name="Ada Lovelace"' in html
    assert '<time datetime="2026-03-02T12:00:00.000Z">12:00</time>' in html


def test_names_are_inert(cast: Cast) -> None:
    Profile.objects.filter(user=cast.ben).update(display_name=NAME)
    people.forget(cast.ben.chat_id)
    (html,) = draw_messages([message(1, cast.ben, 0, NAME)])
    assert "&lt;script&gt;" in html
    assert "<script" not in html and "<img" not in html


def test_an_answer_shows_what_it_answers(cast: Cast) -> None:
    talk, _created = conversations.start_private(cast.ada.chat_id, cast.ben.chat_id)
    first = messages.send(cast.ben.chat_id, talk.id, "1" * 32, "Is <it>\nready?").message
    answer = messages.send(cast.ada.chat_id, talk.id, "0" * 32, "Yes", first.id).message
    (html,) = draw_messages([answer])
    assert 'class="quote" href="#message-1" data-seq="1"' in html
    assert "Is &lt;it&gt; ready?" in html and "Ben Okafor" in html


def test_what_happened_to_a_message_is_shown(cast: Cast) -> None:
    at = NOON
    reactions = [
        Reaction(emoji="👍", user_ids=[cast.ada.chat_id, cast.ben.chat_id]),
        Reaction(emoji="<b>", user_ids=[cast.cleo.chat_id]),
    ]
    (html,) = draw_messages([message(1, cast.ada, 0, edited_at=at, pinned_at=at, reactions=reactions)])
    assert ">edited<" in html and 'title="Pinned"' in html
    assert f'data-user-ids="{cast.ada.chat_id} {cast.ben.chat_id}"><span>👍</span> <span>2</span>' in html
    assert 'title="Ada Lovelace, Ben Okafor"' in html
    assert "&lt;b&gt;" in html and "<b>" not in html


def test_a_deleted_message_keeps_its_place_and_says_so(cast: Cast) -> None:
    (html,) = draw_messages([message(1, cast.ada, 0, "", edited_at=NOON, deleted_at=NOON)])
    assert "This message was deleted." in html and " deleted" in html
    assert ">edited<" not in html


def test_someone_whose_account_is_gone_has_a_name_but_no_page(cast: Cast) -> None:
    lost = message(1, cast.eve, 0)
    cast.eve.delete()
    (html,) = draw_messages([lost])
    assert "Deleted person" in html
    assert "/people/" not in html and html.count("href") == 1  # that of the message itself


def test_the_blank_for_what_is_on_its_way(cast: Cast) -> None:
    html = blank(people.card(cast.ada.chat_id))
    assert " mine" in html and 'data-state="waiting"' in html and 'data-seq=""' in html
    assert re.search(r'<div class="message-body" dir="auto"></div>', html)


@pytest.mark.parametrize("count", [1, 60])
def test_any_number_of_messages_takes_the_same_number_of_queries(
    cast: Cast, django_assert_num_queries: object, count: int
) -> None:
    page = [message(seq, [cast.ada, cast.ben][seq % 2], seq) for seq in range(1, count + 1)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        draw_messages(page)
