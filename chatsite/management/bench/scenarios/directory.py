from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import ClassVar

from chatsite.management.bench import crowd, pages
from chatsite.management.bench.job import Needs, Seat
from chatsite.management.bench.scenarios.asking import Asking, Question


@dataclass(frozen=True)
class Directory(Asking):
    """Somebody looks for people, letter by letter, among many."""

    floor: ClassVar[str | None] = None
    stored: ClassVar[str] = "people made in"
    people: int = 200_000

    @property
    def title(self) -> str:
        return f"search among {self.people:,} people as one types: user names, display names, nobody; one at a time"

    def needs(self) -> Needs:
        return Needs(people=1, crowd=self.people)

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[]]

    def questions(self, seat: Seat) -> Iterator[Question]:
        return cycle(map(_question, _typed()))


def _question(text: str) -> Question:
    right = partial(pages.begins, text=text)
    return Question(f"/api/v1/users/?search={text}", right, f"not who begins with {text}")


def _typed() -> Iterator[str]:
    """What stands in the field after each letter: names of either kind, and of nobody."""
    for word in (*crowd.GIVEN, *crowd.FAMILY, f"{crowd.USERNAME}1234", "zzzz"):
        lower = word.lower()
        yield from (lower[:end] for end in range(1, len(lower) + 1))
