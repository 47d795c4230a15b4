"""Keeps what conversations show of their log up to date, off the sending path."""

from __future__ import annotations

import logging
import threading
import time

from chatsite.types import ObjectId
from messaging.documents import Message
from messaging.repositories import conversations
from messaging.repositories.follower import Follower

log = logging.getLogger(__name__)
PROJECTION_EVERY = 0.2  # seconds


class Projector:
    """Keeps `conversations.last_*` up to date without making anyone wait: one write for all that came in a moment."""

    def __init__(self) -> None:
        self._newest: dict[ObjectId, Message] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._follower = Follower("projections", self._follow)

    def add(self, messages: list[Message]) -> None:
        with self._lock:
            for one in messages:
                waiting = self._newest.get(one.conversation_id)
                if waiting is None or waiting.seq < one.seq:
                    self._newest[one.conversation_id] = one
        self._follower.rouse()

    def _follow(self) -> None:
        self.flush()
        time.sleep(PROJECTION_EVERY)

    def flush(self) -> None:
        """Writes what is waiting, before it returns. What cannot be written is forgotten: reading mends it."""
        with self._writing:
            with self._lock:
                newest, self._newest = self._newest, {}
            try:
                conversations.project(newest.values())
            except Exception as error:
                log.warning("the previews of %d conversations lag: %s", len(newest), error)


projector = Projector()
