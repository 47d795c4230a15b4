"""What is looked for in a line of pieces (`words.line`), and the terms under which the index has such lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from messaging.search import words

PREFIX_MIN = 2  # letters of an unfinished word


class Term(NamedTuple):
    """An entry of the index, or with `begins` all that begin so."""

    text: str
    begins: bool = False


class Needle(NamedTuple):
    """`text` stands in each line that is meant; `whole` is the same where it ends with a word. `pieces`, folded, are
    what is highlighted; of the last one it may be only the beginning."""

    text: str
    whole: str
    pieces: tuple[str, ...]
    terms: tuple[Term, ...]

    @property
    def open(self) -> bool:
        """Whether the last word may go on."""
        return self.text != self.whole


def needle(text: str, *, unfinished: bool) -> Needle | None:
    """For one word or phrase as it was typed; `unfinished`: its last word may go on. None where there is nothing to
    look for in it: no letters, or only the first letter of a word."""
    found = words.pieces(text)
    if not found:
        return None
    last = found[-1]
    run = words.is_run(last)
    goes_on = unfinished and not run
    if goes_on and len(last) < PREFIX_MIN:
        found, goes_on = found[:-1], False
        if not found:
            return None
        run = words.is_run(found[-1])
    start = "" if words.is_run(found[0]) else " "
    whole = start + " ".join(found) + ("" if run else " ")
    return Needle(whole.rstrip() if goes_on else whole, whole, tuple(found), tuple(_terms(found, goes_on)))


def _terms(found: Sequence[str], goes_on: bool) -> list[Term]:
    listed: list[Term] = []
    for place, piece in enumerate(found):
        last = place == len(found) - 1
        if not words.is_run(piece):
            cut = piece[: words.TERM_MAX]
            listed.append(Term(cut, begins=last and goes_on and len(piece) < words.TERM_MAX))
        elif len(piece) == 1:
            listed.append(Term(piece, begins=True))
        else:
            listed += [Term(one) for one in words.terms(piece)[:-1]]
    return list(dict.fromkeys(listed))
