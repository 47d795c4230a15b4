from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import ClassVar, Literal

from chatsite.management.bench import pages, speech
from chatsite.management.bench.job import Needs, Seat
from chatsite.management.bench.scenarios.asking import Asking, Question

HITS = 20  # of a page
Sought = Literal["rare word", "common word", "two letters"]
SOUGHT: dict[Sought, tuple[str, ...]] = {
    "rare word": speech.RARE,
    "common word": speech.COMMON,
    "two letters": speech.PREFIXES,
}


@dataclass(frozen=True)
class Search(Asking):
    """Somebody looks for words in a long private conversation."""

    floor: ClassVar[str | None] = None
    stored: ClassVar[str] = "archive written and taken into the index in"
    sought: Sought = "rare word"
    messages: int = 100_000

    @property
    def title(self) -> str:
        return f"search for a {self.sought} in {self.messages:,} messages, one at a time"

    def needs(self) -> Needs:
        return Needs(people=2, pairs=[(0, 1)], archive=self.messages, searched=True)

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [pairs, pairs]

    def questions(self, seat: Seat) -> Iterator[Question]:
        return cycle(map(self._question, SOUGHT[self.sought]))

    def _question(self, text: str) -> Question:
        right = partial(pages.finds, text=text, hits=HITS)
        return Question(f"/api/v1/search/?q={text}&limit={HITS}", right, f"not {HITS} messages with {text}")
