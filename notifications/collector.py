"""Gathers facts for a moment and works on them in the background, so that whoever announced them never waits."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.db import connections

from chatsite.types import ObjectId, UserId
from messaging.documents import Message
from notifications.digest import Digest

log = logging.getLogger(__name__)
GATHER = 0.5  # seconds


class Collector:
    """One thread per process. What it holds is bounded; what a crash loses is a notification, never a message."""

    def __init__(self, work: Callable[[Digest], None]) -> None:
        self._work = work
        self._digest = Digest()
        self._wake = threading.Condition()
        self._working = threading.Lock()
        self._thread: threading.Thread | None = None
        atexit.register(self.flush)

    def add(self, messages: Iterable[Message]) -> None:
        with self._wake:
            for message in messages:
                self._digest.add(message)
            self._rouse()

    def read(self, user: UserId, conversation_id: ObjectId, seq: int) -> None:
        with self._wake:
            self._digest.read(user, conversation_id, seq)
            self._rouse()

    def flush(self) -> None:
        """Works on what was gathered, now and here, after what is being worked on already."""
        with self._working:
            with self._wake:
                digest, self._digest = self._digest, Digest()
            if digest.dropped:
                log.warning("%d facts came too fast to notify anyone of them", digest.dropped)
            if digest:
                self._work(digest)

    def _rouse(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="notifications", daemon=True)
            self._thread.start()
        self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._digest:
                    self._wake.wait()
            time.sleep(GATHER)
            try:
                self.flush()
            except Exception:
                log.exception("notifying failed; messages and unread counts are not touched by this")
            finally:
                connections.close_all()  # a thread of ours gets no request_finished to do so
