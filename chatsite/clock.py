from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def now() -> datetime:
    """The time in UTC, cut to milliseconds: what MongoDB keeps, so that an event shows what a later read will."""
    exact = datetime.now(UTC)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """ISO 8601 with milliseconds, of a moment in UTC."""
    return _iso(moment.replace(tzinfo=None))  # without its zone it is written five times as fast


@lru_cache(4096)
def _iso(moment: datetime) -> str:
    """Kept, because receipts of one flush have the same one."""
    return moment.isoformat("T", "milliseconds") + "Z"
