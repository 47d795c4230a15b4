"""What was known a moment ago goes on holding while PostgreSQL is away."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from chatsite.errors import ChatError
from chatsite.memory import Memory
from chatsite.outages import unavailable
from chatsite.postgres import absence

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

HOLDS = 120.0  # seconds: PostgreSQL may be away for a minute and nobody who is signed in notices (SECURITY.md, F7)


class Lately(Generic[K, V]):
    """Calls `load`; while PostgreSQL is away, gives what it answered within the last two minutes.

    Safe for "may this session still be used": ending one needs PostgreSQL. A key that nothing is known of gets
    the outage itself as its answer.
    """

    def __init__(self, load: Callable[[Sequence[K]], Mapping[K, V]]) -> None:
        self._load = load
        self._known: Memory[K, V] = Memory(HOLDS)

    def __call__(self, keys: Sequence[K]) -> dict[K, V | ChatError]:
        """An answer for each of `keys`. Raises what `load` raises when it is there."""
        now = time.monotonic()
        found = absence.or_known(lambda: self._load(keys), None)
        if found is None:
            held = self._known.recall(keys, lambda _unknown: {})
            return {key: held[key] if key in held else unavailable() for key in keys}
        self._known.learn(found, now)
        return dict(found)
