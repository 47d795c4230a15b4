from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time in UTC, cut to milliseconds: what MongoDB keeps, so that an event shows what a later read will."""
    exact = datetime.now(UTC)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """ISO 8601, UTC, milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
