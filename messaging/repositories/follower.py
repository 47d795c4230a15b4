"""A thread that does behind the log what nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Follower:
    """Calls `work` again and again, as long as there is something to do. Begun when it is first needed, and again
    should its thread have ended, as it does in a fork."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._name, self._work = name, work
        self._beginning = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def rouse(self) -> None:
        """There is something to do."""
        with self._beginning:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            self._work()
