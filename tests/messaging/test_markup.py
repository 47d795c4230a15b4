from __future__ import annotations

import json
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from messaging import markup

HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
QUICK = 0.25  # seconds for 10,000 characters; a quadratic search takes many
ALLOWED = {"a": {"href", "rel", "target"}, "span": {"class"}}


class Reader(HTMLParser):
    """What a browser would make of it: the text, and every element and attribute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(content: str) -> Reader:
    reader = Reader()
    reader.feed(markup.html(content))
    reader.close()
    return reader


def hostile() -> list[str]:
    found: list[str] = json.loads((HOSTILE / "blns.json").read_text())
    return found + (HOSTILE / "xss-payloads.txt").read_text().splitlines()


def test_hostile_text_is_shown_as_written_and_makes_no_element() -> None:
    strings = hostile()
    assert len(strings) > 1500
    for content in strings:
        shown = read(content)
        assert shown.text == content
        for tag, attributes in shown.found:
            assert attributes.keys() <= ALLOWED[tag]
            assert tag != "a" or str(attributes["href"]).lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("content", "addresses"),
    [
        ("see https://example.org/a?b=1&c=2.", ["https://example.org/a?b=1&c=2"]),
        ("(http://example.org/x)", ["http://example.org/x"]),
        ("https://en.wikipedia.org/wiki/Ada_(name)", ["https://en.wikipedia.org/wiki/Ada_(name)"]),
        ("HTTPS://Example.org!", ["HTTPS://Example.org"]),
        ("https://a.example https://b.example", ["https://a.example", "https://b.example"]),
        ("https://example.org/\u202egpj.exe", ["https://example.org/"]),
        ("javascript:alert(1) ftp://example.org xhttp://example.org http:// http://[ https://...", []),
    ],
)
def test_links(content: str, addresses: list[str]) -> None:
    shown = read(content)
    assert [attributes["href"] for _tag, attributes in shown.found] == addresses
    assert all(attributes["rel"] == "noopener nofollow ugc" for _tag, attributes in shown.found)
    assert shown.text == content


@pytest.mark.parametrize("content", ["👍", "🎉🎉", "👨‍👩‍👧 🇩🇪", "1️⃣", "👍🏽", "❤️"])
def test_only_emoji_are_marked(content: str) -> None:
    assert markup.html(content) == f'<span class="emoji-only">{content}</span>'


@pytest.mark.parametrize("content", ["12", "ok 👍", " ", "👍" * 40, "#", "🏻" * 31 + "x"])
def test_other_text_is_not_marked_as_emoji(content: str) -> None:
    assert "emoji-only" not in markup.html(content)


@pytest.mark.parametrize(
    "unit", ["http://a)", "http://", "[(", "<", "http://[ ", "https://x.", "🏻", "&", "http://a" + "." * 99, ") ", "\n"]
)
def test_ten_thousand_characters_are_quick(unit: str) -> None:
    content = (unit * 10_000)[:10_000]
    began = time.process_time()
    markup.html(content)
    markup.html("http://a" + unit * (9_992 // len(unit)))
    assert time.process_time() - began < QUICK
