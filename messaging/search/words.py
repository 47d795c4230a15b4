"""How a text is cut into words to be found by: letter case, accents and width do not count.

Scripts that put no spaces between words (Chinese, Japanese, Thai …), and Korean, are cut into runs instead; a run is
found by any part of it, with the help of its pairs of characters.
"""

from __future__ import annotations

import re
from unicodedata import normalize

TERM_MAX = 40  # characters of a word that are indexed
LINE_MAX = 12_000  # characters: a few compatibility characters stand for eighteen others each

_SPACELESS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ede\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u2e80-\u2fdf\u3005-\u3007"
    "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af"
)
_MARKED = "\u0900-\u0963\u0966-\u0dff"  # Indic scripts: Python does not count their vowel signs as letters
_PIECE = re.compile(f"[{_SPACELESS}]+|(?:[^\\W_{_SPACELESS}]|[{_MARKED}])+")
_RUN = re.compile(f"[{_SPACELESS}]")
_ASCII_PIECE = re.compile("[a-z0-9]+")
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]"
)
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """The text with all that does not count taken away."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", normalize("NFD", normalize("NFKC", text).casefold()))
    return normalize("NFC", bare).translate(_LETTERS)


def pieces(text: str) -> list[str]:
    """The words and runs of a text, folded, in their order."""
    folded = fold(text)[:LINE_MAX]
    return (_ASCII_PIECE if folded.isascii() else _PIECE).findall(folded)


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words and runs stand in a text as it was written."""
    return [found.span() for found in _SPAN.finditer(text)]


_SPAN = re.compile(f"[{_SPACELESS}]+|(?:[^\\W_{_SPACELESS}]|[{_MARKED}]|{_ACCENTS.pattern})+")


def is_run(piece: str) -> bool:
    return _RUN.match(piece) is not None


def terms(piece: str) -> list[str]:
    """What a piece is indexed under: a word under itself, a run under its pairs and its last character."""
    if not is_run(piece):
        return [piece[:TERM_MAX]]
    return [piece[place : place + 2] for place in range(len(piece))]


def line(text: str) -> str:
    """The pieces of a text between spaces, to be searched as text."""
    return f" {' '.join(pieces(text))} "
