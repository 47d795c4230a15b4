"""Who may write to whom, asked for many at once: no more is told than asking for each alone would tell."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.services import facts, relationships, settings
from chatsite.postgres import absence
from messaging import access
from messaging.access import Place
from messaging.repositories import conversations
from messaging.services import members
from tests.cast import Cast, acquaint

pytestmark = pytest.mark.django_db


def _place(me: User, other: User) -> Place:
    return me.chat_id, other.chat_id, acquaint(me, other).id


@pytest.fixture
def places(cast: Cast) -> list[Place]:
    return [_place(cast.ada, cast.ben), _place(cast.ben, cast.dora), _place(cast.dora, cast.cleo)]


def test_one_query_is_enough_for_many(places: list[Place], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert access.contacts(places) == dict.fromkeys(places, True)
    assert [access.known_contact(me, other) for me, other, _here in places] == [True] * 3


def test_whose_settings_let_nobody_in_is_not_clear(cast: Cast, places: list[Place]) -> None:
    settings.update(cast.ben.chat_id, {"may_message": "friends"})
    assert list(access.contacts(places).values()) == [False, True, True]
    assert access.known_contact(cast.ada.chat_id, cast.ben.chat_id) is None
    relationships.request(cast.ada.chat_id, cast.ben.chat_id)
    relationships.accept(cast.ben.chat_id, cast.ada.chat_id)
    assert list(access.contacts(places).values()) == [True, True, True]


def test_whoever_blocks_somebody_does_not_write_to_them(cast: Cast, places: list[Place]) -> None:
    relationships.block(cast.ben.chat_id, cast.dora.chat_id)
    assert list(access.contacts(places).values()) == [True, False, True]


def test_an_empty_seat_is_not_clear(cast: Cast, places: list[Place]) -> None:
    members.take_leave(cast.dora.chat_id)
    assert list(access.contacts(places).values()) == [True, False, True]


def test_the_seat_of_another_conversation_does_not_count(cast: Cast, places: list[Place]) -> None:
    mixed = (cast.ada.chat_id, cast.cleo.chat_id, places[0][2])
    assert access.contacts([*places, mixed])[mixed] is False
    assert conversations.taken([(places[0][2], cast.cleo.chat_id), (places[0][2], cast.ben.chat_id)]) == {
        (places[0][2], cast.ben.chat_id)
    }


def test_without_postgresql_nothing_is_clear(places: list[Place], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(absence, "_look_out", lambda: None)
    monkeypatch.setattr(facts, "_rows", away)
    assert access.contacts(places) == dict.fromkeys(places, False)
