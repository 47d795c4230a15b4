"""Notifications over HTTP, for clients."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from chatsite.types import ObjectId
from notifications.api import serializers
from notifications.services import inbox, preferences, telling
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LIST, READ, PREFERENCES = "/api/v1/notifications/", "/api/v1/notifications/read/", "/api/v1/notification-preferences/"
ALL_ON = {
    "channels": {"in_app": True, "email": True, "push": True},
    "types": {"message": True, "friend_request": True, "system": True},
}


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


def send(client: Client, method: str, address: str, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.generic(method, address, text, "application/json")


def test_a_notification_has_the_declared_shape(cast: Cast, ada: Client) -> None:
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    body = ada.get(LIST).json()
    (one,) = body["results"]
    assert (body["next"], body["unread"]) == (None, 1)
    assert set(one) == set(serializers.Notification().fields)
    assert set(one["face"]) == set(serializers.Face().fields)
    assert one["content"] == {"user_id": cast.ben.chat_id, "event": "requested"}
    assert one["related_to"] == {"type": "friend_request", "id": cast.ben.chat_id}
    assert (one["user_id"], one["is_read"]) == (cast.ada.chat_id, False)
    assert one["created_at"].endswith("Z")


def test_pages_by_cursor(cast: Cast, ada: Client) -> None:
    for number in range(5):
        telling.announce(f"number {number}", [cast.ada.chat_id, cast.eve.chat_id], ObjectId())
    address, seen = f"{LIST}?limit=2", []
    while address:
        body = ada.get(address).json()
        assert len(body["results"]) <= 2
        seen += [one["text"] for one in body["results"]]
        address = body["next"]
    assert seen == [f"number {number}" for number in range(4, -1, -1)]


def test_reading_some_and_all(cast: Cast, ada: Client) -> None:
    for number in range(3):
        telling.announce(f"number {number}", [cast.ada.chat_id, cast.eve.chat_id], ObjectId())
    theirs = inbox.page(cast.eve.chat_id).notifications[0]
    mine = inbox.page(cast.ada.chat_id).notifications[0]
    assert send(ada, "POST", READ, {"ids": [str(mine.id), str(theirs.id)]}).json() == {"unread": 2}
    assert inbox.unread(cast.eve.chat_id) == 3
    assert send(ada, "POST", READ, {"all": True}).json() == {"unread": 0}


@pytest.mark.parametrize(
    "body", [{}, {"all": False}, {"ids": [], "all": True}, {"ids": ["x"]}, {"ids": 3}, {"ids": [], "more": 1}, [], "{"]
)
def test_a_wrong_request_to_read_is_refused(cast: Cast, ada: Client, body: Any) -> None:
    telling.announce("hello", [cast.ada.chat_id], ObjectId())
    response = send(ada, "POST", READ, body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert inbox.unread(cast.ada.chat_id) == 1


def test_preferences_are_replaced_as_a_whole(cast: Cast, ada: Client) -> None:
    before = ada.get(PREFERENCES).json()
    assert before["channels"] == {"in_app": True, "email": False, "push": False}
    assert set(before) == set(serializers.Preferences().fields)
    body = send(ada, "PUT", PREFERENCES, ALL_ON).json()
    assert {name: body[name] for name in ALL_ON} == ALL_ON
    assert ada.get(PREFERENCES).json() == body
    assert preferences.get(cast.eve.chat_id).channels.email is False


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channels": ALL_ON["channels"]},
        {**ALL_ON, "types": {"message": True}},
        {**ALL_ON, "types": {**ALL_ON["types"], "message": 1}},
        {**ALL_ON, "types": {**ALL_ON["types"], "$where": True}},
        {**ALL_ON, "user_id": "x"},
    ],
)
def test_wrong_preferences_are_refused(cast: Cast, ada: Client, body: Any) -> None:
    assert send(ada, "PUT", PREFERENCES, body).status_code == 400
    assert preferences.get(cast.ada.chat_id).channels.email is False


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.5", "٣"])
def test_a_wrong_limit_is_refused(ada: Client, limit: str) -> None:
    assert ada.get(LIST, {"limit": limit}).status_code == 400


@pytest.mark.parametrize(
    ("method", "address"), [("GET", LIST), ("POST", READ), ("GET", PREFERENCES), ("PUT", PREFERENCES)]
)
def test_without_credentials_there_is_nothing(client: Client, method: str, address: str) -> None:
    response = client.generic(method, address)
    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")


def test_the_description_names_them(ada: Client) -> None:
    described = ada.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    assert {LIST, READ, PREFERENCES} <= set(described["paths"])
    assert "NotificationPage" in described["components"]["schemas"]
