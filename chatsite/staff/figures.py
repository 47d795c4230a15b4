"""The numbers on the start page of the admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDay
from django.utils import timezone

from accounts.models import User
from chatsite.types import ObjectId
from messaging import windows

DAYS = 30  # shown in the chart, today being the last
KEPT = 300  # seconds the figures are kept
CHART_HEIGHT = 100  # units of the drawing, for the busiest day
BAR_STEP = 20  # units from one bar to the next
_KEY = "staff:figures"


@dataclass(frozen=True)
class Day:
    """What was said on one day, and its bar in the chart: `left` and `height` in units of the drawing."""

    date: date
    messages: int
    left: int
    height: int

    @property
    def top(self) -> int:
        return CHART_HEIGHT - self.height


@dataclass(frozen=True)
class Figures:
    people: int
    new_people: int
    seen_people: int
    conversations: int
    groups: int
    messages: int
    days: list[Day]
    width: int = DAYS * BAR_STEP
    height: int = CHART_HEIGHT

    @property
    def today(self) -> Day:
        return self.days[-1]

    @property
    def busiest(self) -> int:
        return max(day.messages for day in self.days)

    @property
    def recent(self) -> int:
        return sum(day.messages for day in self.days)


def current() -> Figures:
    """The figures, at most KEPT seconds old."""
    return cache.get_or_set(_KEY, _read, KEPT)  # type: ignore[return-value]


def _read() -> Figures:
    now = timezone.localtime()
    since = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    week = now - timedelta(days=7)
    people: dict[str, Any] = User.objects.aggregate(
        people=Count("pk", filter=Q(is_active=True)),
        new_people=Count("pk", filter=Q(created_at__gte=week)),
        seen_people=Count("pk", filter=Q(last_login__gte=week)),
    )
    kinds = list(windows.Conversation.objects.values("type").annotate(count=Count("id"), messages=Sum("last_seq")))
    return Figures(
        **people,
        conversations=sum(kind["count"] for kind in kinds),
        groups=sum(kind["count"] for kind in kinds if kind["type"] == "group"),
        messages=sum(kind["messages"] for kind in kinds),
        days=_days(since),
    )


def _days(since: datetime) -> list[Day]:
    # An id begins with the second it was made in: the range on it spares reading older messages, without an index.
    rows = (
        windows.Message.objects.filter(id__gte=ObjectId.from_datetime(since), created_at__gte=since)
        .annotate(day=TruncDay("created_at"))
        .values("day")
        .annotate(count=Count("id"))
    )
    counts = {row["day"].date(): row["count"] for row in rows}
    most = max(counts.values(), default=0) or 1
    dates = [since.date() + timedelta(days=day) for day in range(DAYS)]
    return [
        Day(date=day, messages=counts.get(day, 0), left=at * BAR_STEP, height=_height(counts.get(day, 0), most))
        for at, day in enumerate(dates)
    ]


def _height(count: int, most: int) -> int:
    """In proportion, but a day on which something was said is never invisible."""
    return max(2, round(CHART_HEIGHT * count / most)) if count else 0
