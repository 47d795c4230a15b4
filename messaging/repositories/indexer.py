"""Takes what is said into the index of search, behind the log: nobody waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from chatsite.types import ObjectId
from messaging.repositories import blocks
from messaging.repositories.follower import Follower

log = logging.getLogger(__name__)
EVERY = 3.0  # seconds: what came meanwhile is taken in at once, which costs little more than one message


class Indexer:
    """Remembers in which conversations something was said or changed, and takes that in every few seconds.

    What it forgets, because its process dies, is found by `services.search.take_in_all`; until then search reads it
    from the log itself.
    """

    def __init__(self) -> None:
        self._dirty: set[ObjectId] = set()
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._follower = Follower("search index", self._follow)

    def add(self, ids: Iterable[ObjectId]) -> None:
        """Something was said or changed in these conversations."""
        with self._lock:
            self._dirty.update(ids)
        self._follower.rouse()

    def _follow(self) -> None:
        time.sleep(EVERY)
        try:
            self.flush()
        except Exception as error:
            log.warning("the index of %d conversations lags: %s", len(self._dirty), error)
            self._follower.rouse()

    def flush(self) -> None:
        """Takes in what was said before, before it returns. Raises what MongoDB raises; then it is still to be done."""
        with self._working:
            with self._lock:
                dirty, self._dirty = self._dirty, set()
            try:
                while dirty:
                    here = next(iter(dirty))
                    for _ in blocks.bring_up(here):
                        pass
                    blocks.mend(here)
                    dirty.discard(here)
            finally:
                with self._lock:
                    self._dirty |= dirty


indexer = Indexer()
