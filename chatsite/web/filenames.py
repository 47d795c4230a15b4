"""What an uploaded file may be called: one name in no folder, that looks as it is."""

from __future__ import annotations

import unicodedata

BYTES_MAX = 200  # in UTF-8: file systems take 255, and a browser may add to it
NAMELESS = "file"
ENDING_MAX = 16  # characters after the last dot that are kept when a name is cut
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that turn, hide or break what follows: `gpj.exe` is read as `exe.jpg` behind one of them."""
JOINS = "\u200d"  # within emoji and some scripts it is part of a character
FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


def tidy(name: str) -> str:
    """The last part of a path, in one line, without what some system cannot have in a name; NAMELESS where nothing is
    left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(one for one in last if one == JOINS or unicodedata.category(one) not in HIDDEN)
    words = " ".join(shown.translate(FORBIDDEN).split())
    return _cut(words.strip(". " + JOINS)) or NAMELESS


def _cut(name: str) -> str:
    """At most BYTES_MAX, with the ending."""
    if len(name.encode()) <= BYTES_MAX:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > ENDING_MAX:
        stem, dot, ending = name, "", ""
    room = BYTES_MAX - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + ending
