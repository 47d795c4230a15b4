"""How fast one person may act, over whatever transport, in this process."""

from __future__ import annotations

import threading
import time

from django.conf import settings
from django.utils.translation import gettext as _

from chatsite.errors import TooFast

REMEMBERED_MAX = 10_000  # people


class Pace:
    """A bucket of tokens for each person: `at_once` of them, refilled by `per_second`."""

    def __init__(self, per_second: float, at_once: float) -> None:
        self.per_second, self.at_once = per_second, at_once
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, who: str) -> None:
        """One more deed of this person. Raises TooFast, with the seconds until the next one may come."""
        if not settings.CHAT_RATE_LIMITS:
            return
        now = time.monotonic()
        with self._lock:
            left, counted_at = self._buckets.get(who, (self.at_once, now))
            left = min(self.at_once, left + (now - counted_at) * self.per_second)
            if left >= 1:
                self._forget_the_rested(now)
                self._buckets[who] = (left - 1, now)
                return
        raise TooFast(_("Slow down a little."), retry_after=(1 - left) / self.per_second)

    def _forget_the_rested(self, now: float) -> None:
        """A full bucket is like none."""
        if len(self._buckets) >= REMEMBERED_MAX:
            rest = self.at_once / self.per_second
            self._buckets = {who: one for who, one in self._buckets.items() if now - one[1] < rest}
