"""Every frame about notifications is what PROTOCOL.md says, and what the types declare."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatsite.realtime import hub, presence
from chatsite.realtime.protocol import encode
from chatsite.types import ObjectId
from notifications.protocol import NotificationCreated, NotificationData, NotificationRead, RelatedToData
from notifications.services import inbox, reading, telling
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of everything published to anyone, who are all here."""
    caught: list[str] = []
    monkeypatch.setattr(hub, "publish_to_user", lambda user, event: caught.append(encode(event)))
    monkeypatch.setattr(presence, "online", set)
    return caught


def test_created(cast: Cast, texts: list[str]) -> None:
    telling.friend_requested(cast.ben.chat_id, cast.ada.chat_id)
    telling.announce("Hello <all>", [cast.ada.chat_id], ObjectId())
    for text in texts:
        frame: dict[str, Any] = msgspec.json.decode(text)
        assert frame["type"] == "notification.created"
        assert set(frame) == {"type", "notification", "unread"}
        assert encode(msgspec.json.decode(text, type=NotificationCreated)) == text
    stored = [str(one.id) for one in inbox.page(cast.ada.chat_id).notifications]
    assert [msgspec.json.decode(text)["notification"]["id"] for text in texts] == stored[::-1]


def test_browsers_get_it_drawn_as_the_page_draws_it(cast: Cast, texts: list[str], client: Any) -> None:
    telling.announce("Hello <all>", [cast.ada.chat_id], ObjectId())
    drawn = msgspec.json.decode(hub._drawers["notification.created"](texts[0]))
    assert "Hello &lt;all&gt;" in drawn["html"]
    client.force_login(cast.ada)
    assert drawn["html"] in client.get("/notifications/").content.decode()


def test_read(cast: Cast, texts: list[str]) -> None:
    for text in ("one", "two"):
        telling.announce(text, [cast.ada.chat_id], ObjectId())
    first = inbox.page(cast.ada.chat_id).notifications[0]
    texts.clear()
    reading.mark(cast.ada.chat_id, [first.id])
    reading.mark(cast.ada.chat_id)
    reading.mark(cast.ada.chat_id)  # nothing left: nothing to tell
    assert [msgspec.json.decode(text) for text in texts] == [
        {"type": "notification.read", "ids": [str(first.id)], "unread": 1},
        {"type": "notification.read", "all": True, "unread": 0},
    ]
    assert all(encode(msgspec.json.decode(text, type=NotificationRead)) == text for text in texts)


def test_a_frame_has_all_fields_of_the_plan() -> None:
    plan = {"id", "user_id", "type", "content", "related_to", "is_read", "created_at", "expires_at"}
    assert plan <= set(NotificationData.__struct_fields__)
    assert set(RelatedToData.__struct_fields__) == {"type", "id"}
