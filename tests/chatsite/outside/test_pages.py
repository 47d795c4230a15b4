"""What is read off the head of a page."""

from __future__ import annotations

import time

import pytest

from chatsite.outside import Summary, summary

URL = "https://kites.test/a/page"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (b"<title>\n Kites &amp;\tstrings </title>", Summary("Kites & strings", "", "", "")),
        (
            b"""<title>Old</title><META content='How "to" > fly' Property=og:title><meta name=description content=Short>
            <meta property="og:site_name" content="Kite &lt;News&gt;"><meta property="og:image" content="../k.png">""",
            Summary('How "to" > fly', "Short", "Kite <News>", "https://kites.test/k.png"),
        ),
        (
            b"<meta property=og:title content=One><meta property=og:title content=Two>",
            Summary("One", "", "", ""),
        ),
        (b"<meta property=og:title content=''><title>T</title>", Summary("T", "", "", "")),
        (b"<meta name=twitter:image content='javascript:alert(1)'>", Summary("", "", "", "")),
        (b"<meta name=twitter:image content='//x.test/k.png'>", Summary("", "", "", "https://x.test/k.png")),
        (b"<meta name=twitter:image content='http://[x'>", Summary("", "", "", "")),
        ("<title>exe\u202egpj\u200b\u0000</title>".encode(), Summary("exegpj", "", "", "")),
        (b"<p>no head at all", Summary("", "", "", "")),
        (b"<meta charset='koi8-r'><title>\xcb\xc9\xd4</title>", Summary("\u043a\u0438\u0442", "", "", "")),
        (b"<meta charset='punycode'><title>a-b</title>", Summary("a-b", "", "", "")),
        (b"<title>\xff\xfe</title>", Summary("\ufffd\ufffd", "", "", "")),
    ],
)
def test_summaries(page: bytes, found: Summary) -> None:
    assert summary(page, "", URL) == found


def test_what_the_server_says_of_the_charset_comes_first() -> None:
    assert summary(b"<meta charset=utf-8><title>\xe9</title>", "iso-8859-1", URL).title == "\u00e9"


def test_long_words_are_cut() -> None:
    found = summary(b"<title>%s</title><meta name=description content='%s'>" % (b"k " * 900, b"&lt;" * 900), "", URL)
    assert len(found.title) <= 200 and found.title.endswith("k…")
    assert (len(found.description), found.description[-2:]) == (300, "<…")


@pytest.mark.parametrize(
    "page",
    [
        b"<meta " * 50_000,
        b"<meta " + b"a" * 250_000,
        b"<title>" * 40_000,
        (b"<meta " + b'a="' * 2000) * 40,
        b"<meta charset" * 20_000,
        b"<meta " + b"a = " * 60_000 + b">",
        (b"<meta " + b"a" * 8000 + b">") * 30,
        b"<meta a='" + b'"' * 250_000,
        b"<meta name=description content='" + b"&amp" * 60_000 + b"'>",
    ],
)
def test_the_worst_pages_cost_as_little_as_others(page: bytes) -> None:
    begun = time.thread_time()
    summary(page, "", URL)
    assert time.thread_time() - begun < 1.0  # seconds of CPU
