"""Turns what someone wrote into HTML that cannot do harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# One character class and nothing to backtrack into: linear for any text. Quotes and angle brackets end an address, and
# so do the characters that turn the direction of writing round, because with them a link can look like another one.
_ADDRESS = re.compile(r"(?<!\w)https?://[^\s<>\"'`\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f]+", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_PUNCTUATION = ".,;:!?*_~…"

_EMOJI_MAX = 32  # code points; families and flags take up to a dozen each
_EMOJI_JOINERS = "\u200d\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_EMOJI_BASES = (
    "\u2190-\u21ff\u231a-\u23ff\u25aa-\u27bf\u2934-\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_EMOJI = re.compile(rf"(?:[{_EMOJI_BASES}][{_EMOJI_JOINERS}]*+|[0-9#*]\ufe0f?\u20e3|\s)+\Z")


def html(content: str) -> SafeString:
    """The text of a message as safe HTML: links for http and https addresses, nothing but text otherwise.

    Line breaks stay line breaks: the page shows them (`white-space: pre-wrap`). A message of nothing but a few emoji is
    wrapped in `<span class="emoji-only">`. Takes time in proportion to the length.
    """
    if len(content) <= _EMOJI_MAX and not content.isspace() and _EMOJI.match(content):
        return format_html('<span class="emoji-only">{}</span>', content)
    return mark_safe("".join(_parts(content)))  # noqa: S308  every part is escaped


def _parts(content: str) -> Iterator[str]:
    done = 0
    for found in _ADDRESS.finditer(content):
        address = _trimmed(found.group())
        if not _has_host(address):
            continue
        yield escape(content[done : found.start()])
        yield format_html('<a href="{}" rel="noopener nofollow ugc" target="_blank">{}</a>', address, address)
        done = found.start() + len(address)
    yield escape(content[done:])


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it. A closing bracket stays if it was opened within."""
    surplus = {close: address.count(close) - address.count(opened) for close, opened in _CLOSING.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    return address[:end]


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:  # "http://[" and the like
        return False
