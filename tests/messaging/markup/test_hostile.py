"""Strings made to break out: nothing but what a message may have comes of them."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.messaging.markup.reading import read

HOSTILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "hostile"
BARE = "p em strong s blockquote ul li code table thead tbody tr"
ALLOWED = {
    **dict.fromkeys(
        ["p", "em", "strong", "s", "blockquote", "ul", "li", "code", "table", "thead", "tbody", "tr"], set()
    ),
    **dict.fromkeys(["span", "label", "th", "td"], {"class"}),
    "a": {"href", "rel", "target"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "div": {"class", "tabindex"},
    "input": {"type", "autocomplete", "aria-label"},
    "button": {"class", "type"},
}
MARKS = [
    "**",
    "*",
    "_",
    "~~",
    "`",
    "```\n",
    "||",
    "|",
    "> ",
    "- ",
    "1. ",
    "[",
    "](",
    ")",
    "<",
    ">",
    "\n",
    "\n\n",
    "@",
    "\\",
]
MARKS += [
    "https://",
    "javascript:",
    "<script>",
    '" onload=',
    "a",
    " ",
    "|-|\n",
    "&#106;",
    "html\n",
    "\u202e",
    "://",
    "]",
]


def check(content: str) -> None:
    for tag, attributes in read(content).found:
        assert attributes.keys() <= ALLOWED[tag]
        assert tag != "a" or str(attributes["href"]).lower().startswith(("http://", "https://", "mailto:"))


def test_hostile_strings_make_no_other_element() -> None:
    strings = json.loads((HOSTILE / "blns.json").read_text()) + (HOSTILE / "xss-payloads.txt").read_text().splitlines()
    assert len(strings) > 1500
    for content in strings:
        check(content)
        check(f"```html\n{content}\n```")
        check(f"[{content}]({content}) ||{content}||\n\n|{content}|\n|-|\n|{content}|")


def test_what_is_hostile_and_no_mark_is_shown_as_written() -> None:
    for content in (HOSTILE / "xss-payloads.txt").read_text().splitlines():
        if not set(content) & set("*_~|`[\\@") and "://" not in content and not content.lstrip().startswith(">"):
            assert read(content).text.strip() == content.strip()


@given(st.lists(st.sampled_from(MARKS), max_size=40).map("".join))
def test_marks_in_any_order_make_no_other_element(content: str) -> None:
    check(content)
