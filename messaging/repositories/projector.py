"""Keeps what conversations and messages show of their log up to date, off the sending path."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from chatsite.types import ObjectId
from messaging.documents import Message
from messaging.repositories import conversations, threads
from messaging.repositories.follower import Follower
from messaging.repositories.threads import Place

log = logging.getLogger(__name__)
PROJECTION_EVERY = 0.2  # seconds


class Projector:
    """Keeps `conversations.last_*` and the `thread` of messages up to date without making anyone wait: one write for
    all that came in a moment."""

    def __init__(self) -> None:
        self._newest: dict[ObjectId, Message] = {}
        self._grown: set[Place] = set()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._follower = Follower("projections", self._follow)

    def add(self, messages: list[Message]) -> None:
        with self._lock:
            for one in messages:
                waiting = self._newest.get(one.conversation_id)
                if waiting is None or waiting.seq < one.seq:
                    self._newest[one.conversation_id] = one
                if one.thread_id is not None:
                    self._grown.add((one.conversation_id, one.thread_id))
        self._follower.rouse()

    def _follow(self) -> None:
        self.flush()
        time.sleep(PROJECTION_EVERY)

    def flush(self) -> None:
        """Writes what is waiting, before it returns. A preview that cannot be written is forgotten, as reading mends
        it; a thread is counted the next time."""
        with self._writing:
            with self._lock:
                newest, self._newest = self._newest, {}
                grown, self._grown = self._grown, set()
            try:
                conversations.project(newest.values())
            except Exception as error:
                log.warning("the previews of %d conversations lag: %s", len(newest), error)
            self._count(grown)

    def _count(self, grown: Iterable[Place]) -> None:
        for here, root in grown:
            try:
                threads.bring_up(here, root)
            except Exception as error:
                log.warning("the thread of message %s lags: %s", root, error)
                with self._lock:
                    self._grown.add((here, root))
                self._follower.rouse()


projector = Projector()
