from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import ClassVar

from chatsite.management.bench import pages
from chatsite.management.bench.job import Needs, Seat
from chatsite.management.bench.scenarios.asking import Asking, Question
from chatsite.management.bench.scenarios.scenario import PAGES_FLOOR


@dataclass(frozen=True)
class History(Asking):
    """The newest page of a long private conversation, asked for again and again by both sides."""

    floor: ClassVar[str | None] = PAGES_FLOOR
    connections: ClassVar[int] = 10
    stored: ClassVar[str] = "archive written in"
    messages: int = 10_000

    @property
    def title(self) -> str:
        return f"newest {pages.PAGE} of {self.messages:,} messages over HTTP, {self.connections} connections kept open"

    def needs(self) -> Needs:
        return Needs(people=2, pairs=[(0, 1)], archive=self.messages)

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [pairs, pairs]

    def questions(self, seat: Seat) -> Iterator[Question]:
        address = f"/api/v1/conversations/{seat.conversations[0]}/messages/?limit={pages.PAGE}"
        return repeat(Question(address, partial(pages.is_newest, head=self.messages), "not the newest page"))
