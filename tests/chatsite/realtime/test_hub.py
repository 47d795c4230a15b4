"""Who of a topic's listeners gets an event."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from django.utils.translation import get_language

from chatsite.realtime.hub import Hub, draws
from chatsite.realtime.protocol import Event
from chatsite.realtime.publication import Publication
from chatsite.realtime.window import Sent
from chatsite.types import UserId

TOPIC = "c:000000000000000000000000"


class Ear:
    """A listener that keeps what it was pushed."""

    def __init__(self, user: str) -> None:
        self.user_id, self.html, self.language = UserId(user), False, "en"
        self.heard: list[str] = []

    def push(self, text: str, sent: Sent | None = None, *, fleeting: bool = False) -> None:
        self.heard.append(text)

    def event(self, event: Event) -> None: ...
    def close(self, code: int) -> None: ...
    def check(self, now: float) -> None: ...
    def obey(self, order: dict[str, Any]) -> None: ...


@pytest.fixture
def ears() -> list[Ear]:
    return [Ear("ada"), Ear("ben"), Ear("ben"), Ear("cleo")]


def listened_to(ears: list[Ear]) -> Hub:
    """A hub with these listeners on TOPIC; needs a running loop."""
    found = Hub()
    for one in ears:
        found.add(one)
        found.join(TOPIC, one)
    return found


def heard(hub: Hub, ears: list[Ear], publication: Publication) -> list[bool]:
    """Who got it, when it came from another process."""
    hub.link.hear({"origin": "elsewhere", "events": msgspec.msgpack.encode([publication])})
    hub._open_mail()
    found = [bool(one.heard) for one in ears]
    for one in ears:
        one.heard.clear()
    return found


@pytest.mark.asyncio
async def test_everyone_but_those_who_are_skipped(ears: list[Ear]) -> None:
    hub = listened_to(ears)
    assert heard(hub, ears, Publication(TOPIC, "x")) == [True] * 4
    skipping = Publication(TOPIC, "x", skip=frozenset({"ben", "dora"}))
    assert heard(hub, ears, skipping) == [True, False, False, True]


@pytest.mark.asyncio
async def test_what_is_for_those_who_see_receipts_and_what_for_the_others(ears: list[Ear]) -> None:
    hub = listened_to(ears)
    seeing, others = Publication(TOPIC, "x", receipts=True), Publication(TOPIC, "x", receipts=False)
    assert heard(hub, ears, seeing) == [True] * 4
    assert heard(hub, ears, others) == [False] * 4
    hub.show_receipts(ears[1], False)
    assert heard(hub, ears, seeing) == [True, False, True, True]
    assert heard(hub, ears, others) == [False, True, False, False]
    assert heard(hub, ears, Publication(TOPIC, "x")) == [True] * 4
    hub.show_receipts(ears[1], True)
    assert heard(hub, ears, seeing) == [True] * 4


@pytest.mark.asyncio
async def test_a_closed_socket_is_not_kept(ears: list[Ear]) -> None:
    hub = listened_to(ears)
    hub.show_receipts(ears[0], False)
    hub.remove(ears[0])
    hub.show_receipts(ears[0], False)  # an order that came late
    hub.add(ears[0])
    assert heard(hub, ears, Publication(TOPIC, "x", receipts=True)) == [True] * 4


@pytest.mark.asyncio
async def test_what_is_drawn_is_drawn_in_the_language_of_each(ears: list[Ear]) -> None:
    draws("test.drawn", lambda text: f"{text} {get_language()}")
    ears[0].html = ears[1].html = True
    ears[1].language = "ar"
    hub = listened_to(ears)
    hub._deliver(Publication(TOPIC, "event", "test.drawn"))
    hub._drawing.shutdown()
    hub._open_mail()
    assert [one.heard for one in ears[:3]] == [["event en"], ["event ar"], ["event"]]
