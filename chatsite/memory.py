"""What was found out a moment ago is believed for another, instead of being asked again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakSet

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOMENT = 1.5  # seconds that a right is taken to be as it was: one that ended must show within two, in every process
MOST = 50_000  # keys


class Memory(Generic[K, V]):
    """Answers by key, each believed for `seconds`. Beyond `most` of them those learned first go.

    Threads may share it. An answer that is not believed any more is kept all the same, for when nobody can be asked.
    """

    made: ClassVar[WeakSet[Memory[Any, Any]]] = WeakSet()
    """All there are in this process: each test begins with empty ones."""

    def __init__(self, seconds: float = MOMENT, most: int = MOST) -> None:
        self.seconds, self.most = seconds, most
        self._known: dict[K, tuple[float, V]] = {}
        self._changing = threading.Lock()
        Memory.made.add(self)

    def recall(self, keys: Collection[K], ask: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """An answer for each of `keys`: `ask` is called with those of which nothing is believed, if there are any.

        They are believed from when they were asked for, however long that took. What `ask` leaves out stays out.
        """
        moment = time.monotonic()
        found = {key: known[1] for key in keys if (known := self._known.get(key)) and self._holds(known[0], moment)}
        unknown = [key for key in keys if key not in found]
        if unknown:
            fresh = ask(unknown)
            self.learn(fresh, moment)
            found.update(fresh)
        return found

    def learn(self, found: Mapping[K, V], moment: float) -> None:
        """Believes these answers to questions that were put at `moment`, a time of `time.monotonic`."""
        with self._changing:
            for key, value in found.items():
                self._known.pop(key, None)  # so that those learned first stand first
                self._known[key] = (moment, value)
            while len(self._known) > self.most:
                del self._known[next(iter(self._known))]

    def believed(self, key: K) -> V | None:
        """The answer, as long as it is believed."""
        known = self._known.get(key)
        return known[1] if known and self._holds(known[0], time.monotonic()) else None

    def last(self, key: K) -> V | None:
        """The answer, however old it is."""
        known = self._known.get(key)
        return known[1] if known else None

    def forget(self, key: K) -> None:
        with self._changing:
            self._known.pop(key, None)

    def clear(self) -> None:
        with self._changing:
            self._known.clear()

    def _holds(self, since: float, moment: float) -> bool:
        return moment - since < self.seconds
