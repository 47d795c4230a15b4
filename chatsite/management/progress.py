"""How far a long command has come, on one line that is drawn again and again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from django.core.management.base import BaseCommand

WIDTH = 40  # characters
OFTEN = 0.2  # seconds between two drawings


class Progress:
    """Of `total` messages. `tail` words what stands behind the count: it takes how many are done, and the seconds."""

    def __init__(self, command: BaseCommand, total: int, tail: Callable[[int, float], str]) -> None:
        self._out, self._total, self._tail = command.stderr, total, tail
        self._begun, self._drawn, self._done = time.monotonic(), 0.0, 0

    def add(self, count: int) -> None:
        self._done += count
        if time.monotonic() - self._drawn > OFTEN:
            self._drawn = time.monotonic()
            self._draw(self._done)

    def end(self) -> None:
        """All is done, also what was not counted."""
        self._draw(self._total)
        self._out.write("")

    def _draw(self, done: int) -> None:
        seconds = max(time.monotonic() - self._begun, 0.001)
        filled = WIDTH * done // max(self._total, 1)
        tail = self._tail(done, seconds)
        bar = f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done} of {self._total} messages, {tail}"
        self._out.write(bar, ending="")
        sys.stderr.flush()
