"""From a text to its HTML, remembered: a page shows fifty messages, and most of them were shown before."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
import nh3
from django.utils.html import escape
from django.utils.translation import get_language

from messaging.markup import addresses, code, elements, emoji, parser

SHORT = 1_000  # characters
SHORT_KEPT, LONG_KEPT = 1_024, 64  # texts remembered per process: a megabyte of usual ones, 35 of the worst

# What may begin any mark. A text without one is its own HTML, exactly as it was typed.
_MARKS = re.compile(r"[*_~|`\[<\\@]|://|^[^\S\n]*+(?:>|[-+]\s|\d+[.)]\s)", re.MULTILINE)
DEED = "/me "
"""What begins a text that tells what its writer does."""
_MENTION = re.compile(re.escape(elements.MENTION).replace(r"\{\}", "([^<]*)"))
_CLEANER = nh3.Cleaner(
    tags={
        *("p", "em", "strong", "s", "blockquote", "ul", "ol", "li", "a", "code", "pre", "span", "div"),
        *("table", "thead", "tbody", "tr", "th", "td", "label", "input", "button"),
    },
    attributes={
        "a": {"href", "target"},
        "ol": {"start"},
        "pre": {"tabindex"},
        "div": {"tabindex"},
        "input": {"autocomplete", "aria-label"},
    },
    tag_attribute_values={"input": {"type": {"checkbox"}}, "button": {"type": {"button"}}},
    allowed_classes={
        "span": {"mention", "emoji-only", *code.CLASSES},
        "div": {"code-block", "table-frame"},
        "label": {"spoiler"},
        "button": {"code-copy"},
        "th": {"to-center", "to-end"},
        "td": {"to-center", "to-end"},
    },
    url_schemes=addresses.SCHEMES,
    link_rel="noopener nofollow ugc",
)


class Rendered(msgspec.Struct, frozen=True):
    """A text as safe HTML, cut at each mention: HTML, name, HTML, name, … HTML; and what it says without marks."""

    parts: tuple[str, ...]
    words: str

    @property
    def names(self) -> tuple[str, ...]:
        """Who is mentioned, as it was typed, without the @."""
        return self.parts[1::2]


def render(content: str) -> Rendered:
    """The text of a message, without the name of whoever does something in it (`deed`). Takes time in proportion to its
    length, or nearly so; the same text again takes none."""
    content = deed(content) or content
    if emoji.alone(content):
        return Rendered((f'<span class="emoji-only">{escape(content)}</span>',), content.strip())
    if not _MARKS.search(content):
        return Rendered((escape(content),), " ".join(content.split()))
    remembered = _short if len(content) <= SHORT else _long
    return remembered(content, get_language())


def deed(content: str) -> str:
    """What `/me does something` tells: "does something". "" of any other text."""
    return content[len(DEED) :].strip() if content.startswith(DEED) else ""


def plain(content: str) -> str:
    """What a text says, in one line, without marks; covered words stay covered."""
    return render(content).words


def names(content: str) -> tuple[str, ...]:
    """Who is mentioned, as it was typed, without the @."""
    return render(content).names if "@" in content else ()


def _rendered(content: str, _language: str | None) -> Rendered:
    tokens = parser.parse(content)
    words = elements.words(tokens)
    if not words:  # nothing but marks
        return Rendered((escape(content),), content.strip())
    return Rendered(tuple(_MENTION.split(_CLEANER.clean(elements.html(tokens)))), words)


_short = lru_cache(maxsize=SHORT_KEPT)(_rendered)
_long = lru_cache(maxsize=LONG_KEPT)(_rendered)


def forget() -> None:
    """Reads every text anew."""
    _short.cache_clear()
    _long.cache_clear()
