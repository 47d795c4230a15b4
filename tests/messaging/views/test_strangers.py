"""Every address of a conversation, for those who are not in it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import User
from messaging.documents import Conversation
from messaging.repositories import conversations, messages
from messaging.services import members
from messaging.urls import urlpatterns
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

HERE = re.compile(r"[^<]*<hex:(conversation|message)_id>[^<]*")
ADDRESSES = sorted(
    str(one.name) for one in urlpatterns if isinstance(one, URLPattern) and HERE.fullmatch(str(one.pattern))
)
PARTS = {f"conversation-{part}" for part in ("details", "files", "links", "pins", "manage", "messages")}
POSTS = sorted(set(ADDRESSES) - PARTS - {"conversation", "message"})


def address(name: str, where: Conversation) -> str:
    """Of the conversation, or of the newest message in it."""
    said = messages.last(where.id, 1) if name.startswith("message") else []
    return reverse(name, args=[str(one.id) for one in said] or [str(where.id)])


def ask(client: Client, name: str, where: Conversation, who: User) -> int:
    form = {
        "content": "Let me in",
        "client_id": "1" * 32,
        "name": "Mine",
        "who": str(who.pk),
        "role": "owner",
        "seq": "1",
    }
    method = client.post if name in POSTS else client.get
    return method(address(name, where), form).status_code


def standing(where: Conversation) -> object:
    """What a stranger could have changed."""
    found = conversations.by_id(where.id)
    assert found is not None
    return found.name, found.participants, conversations.seats(where.id), messages.last(where.id, 9)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_stranger_finds_nothing_and_changes_nothing(cast: Cast, talks: Talks, enter: Enter, name: str) -> None:
    assert len(ADDRESSES) >= 10
    assert User.objects.filter(username="eve", is_active=True).exists()
    say(cast.ada, talks.group)
    before = standing(talks.group)
    assert ask(enter(cast.eve), name, talks.group, cast.ben) == 404
    assert standing(talks.group) == before


@pytest.mark.parametrize("name", ADDRESSES)
def test_someone_who_left_finds_nothing(cast: Cast, talks: Talks, enter: Enter, name: str) -> None:
    say(cast.ben, talks.group)
    members.leave(cast.ben.chat_id, talks.group.id)
    assert ask(enter(cast.ben), name, talks.group, cast.cleo) == 404


@pytest.mark.parametrize("name", ADDRESSES)
def test_without_signing_in_one_is_sent_to_do_so(talks: Talks, name: str, client: Client) -> None:
    where = address(name, talks.group)
    answer = client.post(where) if name in POSTS else client.get(where)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", POSTS)
def test_forms_from_elsewhere_are_refused(cast: Cast, talks: Talks, enter: Enter, name: str) -> None:
    client = enter(cast.ada, checks=True)
    say(cast.ada, talks.group)
    head = messages.head(talks.group.id)
    assert ask(client, name, talks.group, cast.ben) == 403
    assert messages.head(talks.group.id) == head
    assert len(conversations.seats(talks.group.id)) == 3


def test_unknown_and_malformed_ids_are_not_found(cast: Cast, enter: Enter) -> None:
    client = enter(cast.ada)
    for path in ("/c/" + "0" * 24 + "/", "/c/" + "z" * 24 + "/", "/c/1/", "/c/" + "0" * 25 + "/", "/c/%00/"):
        assert client.get(path).status_code == 404


def test_the_stranger_does_not_see_it_in_the_list(cast: Cast, talks: Talks, enter: Enter) -> None:
    page = enter(cast.eve).get(reverse("sidebar")).content.decode()
    assert not re.search(r"data-conversation-id", page)
    assert "Analytical Engine" not in page
