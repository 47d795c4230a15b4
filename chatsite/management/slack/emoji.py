"""Emoji by the names that Slack has for them."""

from __future__ import annotations

import json
import re
from functools import cache

from chatsite.templatetags.look import STATIC

NAME = re.compile(r"([\w+'-]{1,60})(?:::skin-tone-([2-6]))?")
OWN = {"simple_smile": "🙂", "thumbsup_all": "👍", "slack": "", "facepunch": "👊", "hankey": "💩", "uk": "🇬🇧"}
"""Names that nobody else has."""
VARIATION = "\ufe0f"
TONES = {str(number): chr(0x1F3F9 + number) for number in range(2, 7)}
FLAG = re.compile(r"flag-([a-z])([a-z])")
LETTER_A = 0x1F1E6  # regional indicator


def emoji(name: str) -> str:
    """The character for `wave` or `wave::skin-tone-2`; "" for one that a workspace has made for itself."""
    found = NAME.fullmatch(name)
    if found is None:
        return ""
    known, tone = _named(found[1]), TONES.get(found[2] or "")
    return known.replace(VARIATION, "") + tone if known and tone else known


def _named(name: str) -> str:
    flag = FLAG.fullmatch(name)
    if flag:
        return "".join(chr(LETTER_A + ord(letter) - ord("a")) for letter in flag.groups())
    known = _known()
    return OWN.get(name) or known.get(name) or known.get(name.replace("-", "_"), "")


@cache
def _known() -> dict[str, str]:
    groups = json.loads((STATIC / "emoji.json").read_text())
    return {code: one[0] for group in groups for one in group for code in one[1].split()}
