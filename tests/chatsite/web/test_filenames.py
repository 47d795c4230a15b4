"""A name leads nowhere else, and looks as it is."""

from __future__ import annotations

import pytest

from chatsite.web.filenames import BYTES_MAX, tidy

NAMES = {
    "kite.png": "kite.png",
    "../../etc/passwd": "passwd",
    "C:\\Users\\ada\\kite.png": "kite.png",
    "/": "file",
    "": "file",
    "...": "file",
    ".htaccess": "htaccess",
    "a\r\nSet-Cookie: b": "aSet-Cookie_ b",
    "nul\0.png": "nul.png",
    "kite\u202egpj.exe": "kitegpj.exe",
    "\u2066kite\u2069.png": "kite.png",
    "a\u200bb.txt": "ab.txt",
    "  two   spaces .txt ": "two spaces .txt",
    'a"b<c>|?*.txt': "a_b_c____.txt",
    "e\u0301.txt": "é.txt",
    "👩\u200d🚀.txt": "👩\u200d🚀.txt",
    "ملف.pdf": "ملف.pdf",
    "half \ud83d.txt": "half .txt",
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    assert tidy(name) == NAMES[name]


@pytest.mark.parametrize("name", ["é" * 300 + ".png", "x" * 300, "x." + "y" * 300, "🪁" * 300 + ".tar.gz"])
def test_a_long_name_is_cut_before_its_ending(name: str) -> None:
    cut = tidy(name)
    assert len(cut.encode()) <= BYTES_MAX and len(cut.encode()) > BYTES_MAX - 6
    if len(name.rpartition(".")[2]) < 10:
        assert cut.rpartition(".")[2] == name.rpartition(".")[2]
