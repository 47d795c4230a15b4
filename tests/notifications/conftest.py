"""A collector that works when it is told to, and frames caught on their way to the sockets."""

from __future__ import annotations

from collections import defaultdict
from uuid import uuid4

import pytest

from accounts.models import User
from chatsite.realtime import hub, presence
from chatsite.realtime.protocol import Event
from messaging.documents import Conversation, Message
from messaging.services import messages
from notifications import receivers
from notifications.collector import Collector
from notifications.protocol import NotificationCreated, NotificationRead
from notifications.services import away


class Still(Collector):
    """Works on `flush` only: a thread would not see what the test's transaction holds."""

    def _rouse(self) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Collector:
    still = Still(away.tell)
    monkeypatch.setattr(receivers, "collector", still)
    return still


Frames = defaultdict[str, list[Event]]


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> Frames:
    """What was published to whom, instead of to sockets."""
    caught: Frames = defaultdict(list)
    monkeypatch.setattr(hub, "publish_to_user", lambda user, event: caught[user].append(event))
    return caught


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Who has a socket open: put ids into it."""
    ids: set[str] = set()
    monkeypatch.setattr(presence, "online", lambda people: ids & set(people))
    return ids


def told(frames: Frames, who: User) -> list[NotificationCreated | NotificationRead]:
    """What this person's sockets heard of notifications."""
    return [one for one in frames[who.chat_id] if isinstance(one, NotificationCreated | NotificationRead)]


def say(who: User, where: Conversation, text: str = "hello", root: Message | None = None) -> Message:
    """A message, sent the way all are; with a `root`, in the thread of that message."""
    thread_id = root.id if root else None
    return messages.send(who.chat_id, where.id, str(uuid4()), text, thread_id=thread_id).message
