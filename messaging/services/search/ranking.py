"""Which of two hits is the better one."""

from __future__ import annotations

from collections.abc import Sequence

from messaging.search.needles import Needle

WHOLE = 2.0  # for a word that is as it was typed; 1 for one that only begins so
TOGETHER = 3.0  # for all words side by side, as they were typed
USUAL = 200  # characters: a message twice as long that says the same is worth less


def score(needles: Sequence[Needle], line: str) -> float:
    """How well a line fits; more is better. Of equals the newer one comes first."""
    fit = sum(WHOLE if one.whole in line else 1.0 for one in needles)
    phrase = "".join(one.text.rstrip() if one.text.startswith(" ") else f" {one.text}" for one in needles)
    together = TOGETHER if len(needles) > 1 and phrase in line else 0.0
    return round(fit + together + USUAL / (USUAL + len(line)), 3)
