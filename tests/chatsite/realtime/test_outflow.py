"""The way out of one socket, over a server that takes nothing until it is told to."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from chatsite.realtime import protocol
from chatsite.realtime.outflow import ANSWERS_MAX, BACKLOG_BYTES, BACKLOG_EVENTS, Outflow
from chatsite.realtime.protocol import Error
from chatsite.realtime.window import EVENTS_MAX, LAG_MAX, Sent

pytestmark = pytest.mark.asyncio
STEPS = 5_000  # turns of the event loop within which everything settles


class Line(Outflow):
    """Keeps what the server took; `reading` is whether the client reads."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = asyncio.Event()
        self.taken: list[str] = []
        self.code: int | None = None
        self.resumptions = 0

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.code = message["code"]
            return
        self.taken.append(message["text"])
        await self.reading.wait()

    def resumed(self) -> None:
        self.resumptions += 1


@pytest.fixture
def line(settings: Settings) -> Line:
    """Without limits: what is left then must still bound memory."""
    settings.CHAT_RATE_LIMITS = False
    return Line()


async def settle() -> None:
    for _ in range(STEPS):
        await asyncio.sleep(0)


async def test_frames_wait_in_order_for_a_slow_client(line: Line) -> None:
    for number in range(100):
        line.push(str(number))
    assert line.taken == ["0"]
    line.reading.set()
    await settle()
    assert line.taken == [str(number) for number in range(100)]
    assert line.resumptions == 0


@pytest.mark.parametrize("size", [1, BACKLOG_BYTES // 10])
async def test_what_waits_is_bounded_by_events_and_bytes(line: Line, size: int) -> None:
    for _ in range(2 * BACKLOG_EVENTS):
        line.push("x" * size)
    line.reading.set()
    await settle()
    held = min(BACKLOG_EVENTS, -(-BACKLOG_BYTES // size))
    assert len(line.taken) == 1 + held
    assert line.resumptions == 1
    line.push("after")
    assert line.taken[-1] == "after"


async def test_what_is_fleeting_does_not_wait(line: Line) -> None:
    line.push("first")
    line.push("typing", fleeting=True)
    line.reading.set()
    await settle()
    assert line.taken == ["first"]
    assert line.resumptions == 0


async def test_answers_wait_behind_a_full_backlog(line: Line) -> None:
    for _ in range(2 * BACKLOG_EVENTS):
        line.push("x")
    line.event(Error(code="invalid", detail="an answer"))
    line.reading.set()
    await settle()
    assert "an answer" in line.taken[-1]


async def test_a_client_that_asks_on_without_reading_is_closed_at_once(line: Line) -> None:
    answer = Error(code="invalid", detail="x" * 1000)
    for _ in range(ANSWERS_MAX // 1000 + 10):
        line.event(answer)
    await asyncio.sleep(0)
    assert line.closed
    assert line.code == protocol.LAGGING


async def test_one_long_answer_may_go_beyond_the_bound(line: Line) -> None:
    line.push("first")
    line.event(Error(code="invalid", detail="x" * 3 * ANSWERS_MAX))
    assert not line.closed


async def test_a_connection_that_takes_nothing_for_so_long_lags(line: Line) -> None:
    line.push("first")
    begun = time.monotonic()
    assert not line.lags(begun + LAG_MAX - 1)
    assert line.lags(begun + LAG_MAX + 1)
    line.reading.set()
    await settle()
    assert not line.lags(begun + LAG_MAX + 1)


async def test_what_the_window_withholds_is_made_good_by_one_resumption(settings: Settings) -> None:
    settings.CHAT_RATE_LIMITS = True
    line = Line()
    line.reading.set()
    for seq in range(1, EVENTS_MAX + 11):
        line.push(str(seq), Sent(1, "here", seq))
    assert line.taken[-1] == str(EVENTS_MAX)
    line.acknowledge({"here": (1, 0)})
    assert line.resumptions == 0
    line.acknowledge({"here": (EVENTS_MAX, 0)})
    assert line.resumptions == 1
    line.acknowledge({"here": (EVENTS_MAX, 0)})
    assert line.resumptions == 1
