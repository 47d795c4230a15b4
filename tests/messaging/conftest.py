"""People with an API client in their hand, and conversations between them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import settings, tokens
from messaging.documents import Conversation, Message
from messaging.services import conversations, messages
from notifications import receivers
from notifications.collector import Collector
from tests.cast import Cast

ROOT = "/api/v1/"


@dataclass(frozen=True)
class Api:
    """One person's way into the API, with an access token as other clients have it."""

    user: User
    token: str

    def __call__(self, method: str, path: str, body: object = None, **query: object) -> Any:
        """The response. `body` is sent as JSON, text and bytes as they are; `path` is below /api/v1/."""
        text = body if isinstance(body, str | bytes) else b"" if body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {self.token}"}
        return Client().generic(
            method, ROOT + path, text, "application/json", query_params=query or None, headers=headers
        )

    def get(self, path: str, **query: object) -> Any:
        return self("GET", path, **query)

    def post(self, path: str, body: object) -> Any:
        return self("POST", path, body)


Apis = Callable[[User], Api]


class Unheard(Collector):
    """Takes note of what is said and does nothing about it."""

    def _rouse(self) -> None:
        pass


@pytest.fixture(autouse=True)
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notifications are made in a thread, which does not see what a test's transaction holds, and would have the whole
    process believe so for a moment."""
    monkeypatch.setattr(receivers, "collector", Unheard(lambda digest: None))


@pytest.fixture
def api(cast: Cast) -> Apis:
    return lambda user: Api(user, tokens.issue(user).access)


@pytest.fixture
def group(cast: Cast) -> Conversation:
    """ada's group, with ben and cleo in it; eve is the stranger."""
    return conversations.create_group(cast.ada.chat_id, "Kites", [cast.ben.chat_id, cast.cleo.chat_id])


def say(who: User, where: Conversation, text: str = "hello") -> Message:
    """A message, sent the way all are."""
    return messages.send(who.chat_id, where.id, uuid4(), text).message


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The error in this response, which must have the one shape."""
    assert response.status_code == status, response.content
    body: dict[str, Any] = response.json()
    assert body.keys() - {"fields"} == {"code", "detail"}
    assert body["code"] == code
    assert isinstance(body["detail"], str)
    return body


Hide = Callable[..., None]


@pytest.fixture
def hide(django_capture_on_commit_callbacks: Any) -> Hide:
    """Switches a person's private mode, on unless `hidden` is False."""

    def switch(user: User, *, hidden: bool = True) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            settings.update(user.chat_id, {"receipts": not hidden})

    return switch
