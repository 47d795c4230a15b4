"""Ada's group with ben and cleo in it, her private conversation with ben, and browsers without script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from chatsite.mongo.client import DURABLE
from messaging.documents import Conversation, Message
from messaging.repositories import conversations as repository
from messaging.repositories.projector import projector
from messaging.services import conversations, messages
from tests.cast import Cast, acquaint

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
    settle(sent[-1])
    return sent[-1]


def settle(newest: Message) -> None:
    """Waits until the list of conversations knows of this message: another thread may be at it.

    What is shown there is written without waiting for the majority, which is all that is read: that has it a tenth of
    a second later by itself, but at once where a write waits for it, even one that finds nothing left to do.
    """
    projector.flush()
    repository.project([newest], DURABLE)
    shown = repository.by_id(newest.conversation_id)
    assert shown and shown.last_seq >= newest.seq
