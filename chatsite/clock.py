from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time in UTC, cut to milliseconds: what MongoDB keeps, so that an event shows what a later read will."""
    exact = datetime.now(UTC)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)
