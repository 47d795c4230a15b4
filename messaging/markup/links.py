"""Which addresses a text leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from messaging.markup import parser
from messaging.markup.rendering import deed


def links(content: str) -> list[str]:
    """The http and https addresses that a text links to, each once, in order; not those in code, nor what it covers."""
    if "://" not in content:
        return []
    tokens = parser.parse(deed(content) or content)
    found = (address for one in tokens for address in _uncovered(one.children or ()))
    return list(dict.fromkeys(one for one in found if one.lower().startswith(("http://", "https://"))))


def _uncovered(children: Iterable[Token]) -> Iterator[str]:
    covers = 0
    for one in children:
        covers += one.nesting if one.type.startswith("spoiler_") else 0
        if one.type == "link_open" and not covers:
            yield str(one.attrs["href"])
