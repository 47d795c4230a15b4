"""A planned stop: tell clients when to come back, let what is under way finish, then stop as the server would have."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Protocol

from chatsite.realtime.protocol import RESTART, Bye, Event

log = logging.getLogger(__name__)
FINISH_WITHIN = 3.0  # seconds for writes under way
BACK_FROM, BACK_UNTIL = 500, 3000  # milliseconds: clients come back spread over this time, not all at once
GONE_WITHIN = 2.0  # seconds for the closing frames to leave and to be answered
LOOK_EVERY = 0.02  # seconds


class Guest(Protocol):
    """What a stop needs of a socket."""

    def event(self, event: Event) -> None: ...
    def close(self, code: int) -> None: ...


Finish = Callable[[float], None]
_finishes: list[Finish] = []


def before_leaving(finish: Finish) -> None:
    """Registers work to finish before a planned stop; it is given the seconds it may take, in a thread of its own."""
    _finishes.append(finish)


def expect(loop: asyncio.AbstractEventLoop, guests: Callable[[], Iterable[Guest]]) -> None:
    """From now on SIGTERM and SIGINT are a planned stop. A second one stops at once."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _Leaving(loop, guests, signal.getsignal(number)))


class _Leaving:
    def __init__(
        self, loop: asyncio.AbstractEventLoop, guests: Callable[[], Iterable[Guest]], server_stops: object
    ) -> None:
        self._loop, self._guests, self._server_stops = loop, guests, server_stops
        self._begun: asyncio.Future[None] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._begun is not None or not self._loop.is_running():
            self._stop(number)
        else:
            self._begun = asyncio.run_coroutine_threadsafe(self._leave(number), self._loop)  # type: ignore[assignment]

    async def _leave(self, number: int) -> None:
        for one in tuple(self._guests()):
            one.event(Bye(reconnect_in_ms=random.randint(BACK_FROM, BACK_UNTIL)))  # noqa: S311
        finishing = [asyncio.to_thread(finish, FINISH_WITHIN) for finish in _finishes]
        for outcome in await asyncio.gather(*finishing, return_exceptions=True):
            if isinstance(outcome, BaseException):
                log.warning("something did not finish before the stop: %s", outcome)
        await self._see_off()
        self._stop(number)

    async def _see_off(self) -> None:
        """Closes all sockets, those that come in meanwhile too, and waits until they are gone."""
        deadline = time.monotonic() + GONE_WITHIN
        while (left := tuple(self._guests())) and time.monotonic() < deadline:
            for one in left:
                one.close(RESTART)
            await asyncio.sleep(LOOK_EVERY)

    def _stop(self, number: int) -> None:
        if callable(self._server_stops):
            self._server_stops(number, None)
        else:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
