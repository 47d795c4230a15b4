"""Ada's group with ben and cleo in it, her private conversation with ben, and browsers without script."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from messaging.documents import Conversation, Message
from messaging.repositories import conversations as repository
from messaging.repositories.projector import projector
from messaging.services import conversations, messages
from tests.cast import Cast, acquaint

PATIENCE = 10.0  # seconds
Enter = Callable[..., Client]


@dataclass(frozen=True)
class Talks:
    group: Conversation
    private: Conversation


@pytest.fixture
def talks(cast: Cast) -> Talks:
    me = cast.ada.chat_id
    group = conversations.create_group(me, "Analytical Engine", [cast.ben.chat_id, cast.cleo.chat_id])
    return Talks(group, acquaint(cast.ada, cast.ben))


@pytest.fixture
def enter() -> Enter:
    """A signed-in browser of this person; forms need their token, as outside of tests."""

    def entered(user: User, *, checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks)
        client.force_login(user)
        return client

    return entered


def say(who: User, where: Conversation, content: str = "Hello", times: int = 1) -> Message:
    """Sends it, `times` over, and brings the list of conversations up to it; the last one is returned."""
    sent = [messages.send(who.chat_id, where.id, uuid4(), content).message for _ in range(times)]
    settle(where, sent[-1].seq)
    return sent[-1]


def settle(where: Conversation, seq: int) -> None:
    """Waits until the list of conversations knows of `seq`: another thread may be at it."""
    deadline = time.monotonic() + PATIENCE
    while (found := repository.by_id(where.id)) is None or found.last_seq < seq:
        assert time.monotonic() < deadline
        projector.flush()
