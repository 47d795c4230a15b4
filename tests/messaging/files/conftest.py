"""Files that people of the cast send, over the API as clients do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import tokens
from messaging.documents import Conversation, Message
from messaging.services import messages
from tests.messaging.conftest import Api

TEXT = b"Dear kite,\n" * 500


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
    return tmp_path


def stored(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def begin(api: Api, where: Conversation, name: str = "kite.txt", size: int = len(TEXT)) -> Any:
    return api.post("attachments/", {"conversation_id": str(where.id), "name": name, "size": size})


def piece(api: Api, file_id: str, offset: int | str, content: bytes) -> Any:
    headers = {"Authorization": f"Bearer {api.token}", "Upload-Offset": str(offset)}
    address = f"/api/v1/attachments/{file_id}/"
    return Client().patch(address, content, "application/octet-stream", headers=headers)


def upload(api: Api, where: Conversation, content: bytes = TEXT, name: str = "kite.txt") -> Any:
    """A file that is whole: what the server says of it."""
    begun = begin(api, where, name, len(content))
    assert begun.status_code == 201, begun.content
    said = piece(api, begun.json()["id"], 0, content)
    assert said.status_code == 200 and said.json()["state"] == "ready", said.content
    return said.json()


def send(who: User, where: Conversation, *files: str, content: str = "") -> Message:
    return messages.send(who.chat_id, where.id, uuid4(), content, files=files).message


Get = Callable[..., Any]


@pytest.fixture
def get() -> Get:
    """`get(user, url, …)`: the answer, as to a client with that person's token; nobody's where `user` is None."""

    def asked(user: User | None, url: str, **headers: str) -> Any:
        bearer = {"Authorization": f"Bearer {tokens.issue(user).access}"} if user else {}
        return Client().get(url, headers=bearer | {name.replace("_", "-"): value for name, value in headers.items()})

    return asked


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content
