"""What was known a moment ago goes on holding while a database is away."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from chatsite.errors import ChatError
from chatsite.outages import outage

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

HOLDS = 120.0  # seconds: PostgreSQL may be away for a minute and nobody who is signed in notices (SECURITY.md, F7)
KNOWN_MAX = 50_000  # answers kept


class Lately(Generic[K, V]):
    """Calls `load`; when it fails because a database is away, gives what it answered within the last two minutes.

    Safe for "may this session still be used": ending one needs the same database. A key that nothing is known of gets
    the outage itself as its answer.
    """

    def __init__(self, load: Callable[[Sequence[K]], Mapping[K, V]]) -> None:
        self._load = load
        self._known: dict[K, tuple[float, V]] = {}

    def __call__(self, keys: Sequence[K]) -> dict[K, V | ChatError]:
        """An answer for each of `keys`. Raises what `load` raises when that is no outage."""
        now = time.monotonic()
        try:
            found = self._load(keys)
        except Exception as error:
            away = outage(error)
            if away is None:
                raise
            return {key: self._remembered(key, now, away) for key in keys}
        if len(self._known) + len(found) > KNOWN_MAX:
            self._known.clear()
        self._known.update((key, (now, value)) for key, value in found.items())
        return dict(found)

    def _remembered(self, key: K, now: float, away: ChatError) -> V | ChatError:
        at, value = self._known.get(key, (-HOLDS, away))
        return value if now - at < HOLDS else away
