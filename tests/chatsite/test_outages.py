"""A database that is away: 503 and when to come back, on pages and in the API; one line in the log, no traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from pymongo.errors import AutoReconnect, DuplicateKeyError, NetworkTimeout, ServerSelectionTimeoutError

from chatsite.outages import outage
from messaging.repositories import conversations
from tests.cast import Cast

AWAY = [
    ServerSelectionTimeoutError("no primary"),
    AutoReconnect("closed"),
    NetworkTimeout("slow"),
    OperationalError("gone"),
]


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [one for one in caplog.records if one.exc_info and one.levelno >= logging.ERROR]


@pytest.mark.django_db
@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("address", ["/", "/api/v1/conversations/"])
def test_the_answer_is_503_and_says_when_to_come_back(ada: Client, address: str, error: Exception) -> None:
    with patch.object(conversations, "seats_of_person", side_effect=error):
        answer = ada.get(address)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 1
    if address.startswith("/api/"):
        assert answer.json()["code"] == "unavailable"


@pytest.mark.django_db
def test_without_people_there_is_still_a_page(ada: Client) -> None:
    with patch("django.contrib.auth.middleware.get_user", side_effect=OperationalError("gone")):
        answer = ada.get("/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")


def test_a_mistake_of_ours_is_no_outage() -> None:
    for error in (DuplicateKeyError("E11000"), ValueError("x"), KeyError("y")):
        assert outage(error) is None
