from __future__ import annotations

import re

MOST = 3
_JOINED = "\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_BASES = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u231a-\u23ff\u25aa-\u27bf\u2934-\u2935\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
)
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_KEY = "[0-9#*]\ufe0f?\u20e3"
_PICTURE = f"[{_BASES}][{_JOINED}]*+(?:\u200d[{_BASES}][{_JOINED}]*+)*+"
_ONLY = re.compile(rf"\s*+(?:(?:{_FLAG}|{_KEY}|{_PICTURE})\s*+){{1,{MOST}}}\Z")
_LONGEST = 64  # code points: three families, in skin tones


def alone(text: str) -> bool:
    """Whether a text is one to three emoji and nothing else."""
    return len(text) <= _LONGEST and _ONLY.match(text) is not None
