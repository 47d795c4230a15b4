from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time in UTC, cut to milliseconds: what MongoDB keeps, so that an event shows what a later read will."""
    exact = datetime.now(UTC)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """ISO 8601 with milliseconds, of a moment in UTC. (Without its zone a moment is written five times as fast.)"""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
