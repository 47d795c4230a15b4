"""What people say in a long conversation: words as common and as rare as in a language. No Django here: the clients'
process loads it too."""

from __future__ import annotations

import random
from itertools import accumulate

WORDS = 20_000  # different ones
LENGTHS = (2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9)  # of words, in letters
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"  # the common ones first
SPOKEN = 20  # words of a message
RARE = ("quokka", "zyzzyva", "kumquat", "jacquard", "wombat")
RARELY = 20  # times that each of these is said, in a conversation of whatever length

_made = random.Random(20)  # noqa: S311  the same words in every process


def _vocabulary() -> list[str]:
    weights = range(len(LETTERS), 0, -1)
    return ["".join(_made.choices(LETTERS, weights, k=_made.choice(LENGTHS))) for _ in range(WORDS)]


VOCABULARY = _vocabulary()
COMMON = tuple(one for one in VOCABULARY if len(one) > 2)[:5]
PREFIXES = tuple(dict.fromkeys(one[:2] for one in VOCABULARY))[:5]
_WEIGHTS = list(accumulate(1 / place for place in range(1, WORDS + 1)))


def said(seq: int, count: int) -> str:
    """The message `seq` of `count`: the same whenever it is asked for."""
    words = random.Random(seq).choices(VOCABULARY, cum_weights=_WEIGHTS, k=SPOKEN)  # noqa: S311
    apart = max(1, count // RARELY)
    for place, rare in enumerate(RARE):
        if (seq - 1) % apart == place % apart and (seq - 1) // apart < RARELY:
            words[place] = rare
    return " ".join(words)
