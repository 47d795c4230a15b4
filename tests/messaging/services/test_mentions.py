"""`@name` in a message means a member, and goes on meaning them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import OperationalError

from accounts.models import Profile, User
from accounts.services import people
from messaging.presentation import draw_data
from messaging.presentation.message import draw, views
from messaging.protocol import message_data
from messaging.services import amendments, conversations, messages
from tests.cast import Cast

pytestmark = pytest.mark.mongo


@pytest.fixture
def group(cast: Cast) -> str:
    """ada, ben and dora."""
    return str(conversations.create_group(cast.ada.chat_id, "Kites", [cast.ben.chat_id, cast.dora.chat_id]).id)


def said(cast: Cast, group: str, content: str) -> list[str]:
    return messages.send(cast.ada.chat_id, group, uuid4(), content).message.mentions


def test_members_are_meant_once_in_the_order_of_their_names(cast: Cast, group: str) -> None:
    assert said(cast, group, "@Dora and @ben, @dora!") == [cast.dora.chat_id, cast.ben.chat_id]


@pytest.mark.parametrize("content", ["@eve", "@nobody @all", "`@ben`", "mail ben@ben.example", "ben"])
def test_nobody_else_is(cast: Cast, group: str, content: str) -> None:
    assert User.objects.filter(username="eve").exists()
    assert said(cast, group, content) == []


def test_an_edit_names_others(cast: Cast, group: str) -> None:
    sent = messages.send(cast.ada.chat_id, group, uuid4(), "@ben").message
    changed = amendments.edit(cast.ada.chat_id, sent.id, uuid4(), "@dora")
    assert changed.message.mentions == [cast.dora.chat_id]


def test_a_message_goes_out_while_postgres_is_away(cast: Cast, group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_names: list[str]) -> dict[str, str]:
        raise OperationalError

    messages.send(cast.ada.chat_id, group, uuid4(), "first")
    monkeypatch.setattr(people, "named", away)
    assert said(cast, group, "@ben") == []


def drawn(cast: Cast, group: str, content: str) -> str:
    sent = messages.send(cast.ada.chat_id, group, uuid4(), content).message
    return draw_data([message_data(messages.one(cast.ada.chat_id, sent.id))])[0]


def test_a_mention_leads_to_the_person_by_the_name_they_show(cast: Cast, group: str) -> None:
    html = drawn(cast, group, "ask @ben or @eve, @all")
    link = f'<a class="mention" href="/people/ben/" data-user-id="{cast.ben.chat_id}">@<bdi>Ben Okafor</bdi></a>'
    assert f'ask {link} or @eve, <span class="mention mention-all">@all</span>' in html


def test_a_mention_goes_on_meaning_who_was_renamed(cast: Cast, group: str) -> None:
    sent = messages.send(cast.ada.chat_id, group, uuid4(), "@ben and @dora").message
    User.objects.filter(pk=cast.ben.pk).update(username="benny")
    Profile.objects.filter(user=cast.ben).update(display_name="<b>Benny</b>")
    people.forget(cast.ben.chat_id)
    (html,) = draw_data([message_data(sent)])
    assert f'href="/people/benny/" data-user-id="{cast.ben.chat_id}">@<bdi>&lt;b&gt;Benny' in html
    assert 'href="/people/dora/"' in html


def test_where_it_is_in_doubt_who_was_meant_nobody_is(cast: Cast, group: str) -> None:
    sent = messages.send(cast.ada.chat_id, group, uuid4(), "@nobody, @ben").message
    User.objects.filter(pk=cast.ben.pk).update(username="benny")
    people.forget(cast.ben.chat_id)
    assert "data-user-id" not in draw_data([message_data(sent)])[0]


def test_ones_own_mention_is_marked(cast: Cast, group: str) -> None:
    sent = messages.send(cast.ada.chat_id, group, uuid4(), "@ben").message
    (view,) = views([message_data(sent)])
    assert "mention-own" in draw(view, viewer=cast.ben.chat_id)
    assert "mention-own" not in draw(view, viewer=cast.dora.chat_id)
