"""Tokens of Markdown as HTML, and as words without marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it.token import Token

from messaging.markup import code

COVER = "▒▒▒"  # stands for a spoiler where there is nothing to uncover it with
MENTION = '<span class="mention">@{}</span>'
_SIDES = {"text-align:center": ' class="to-center"', "text-align:right": ' class="to-end"'}


def html(tokens: Sequence[Token]) -> str:
    """The HTML of a text. That of a single paragraph is what is in it, as a message without marks has no element."""
    if [one.type for one in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    if sum(len(one.content) for one in tokens if one.type == "fence") > code.COLOURED_MOST:
        for one in tokens:
            one.info = ""
    return "".join(_element(one) for one in tokens)


def _element(token: Token) -> str:
    special = _SPECIAL.get(token.type)
    if special is not None:
        return special(token)
    if token.hidden or not token.nesting:
        return ""
    return f"<{token.tag}{_attributes(token)}>" if token.nesting > 0 else f"</{token.tag}>"


def _attributes(token: Token) -> str:
    start = token.attrs.get("start")
    return f' start="{start}"' if start else _SIDES.get(str(token.attrs.get("style")), "")


def _inline(token: Token) -> str:
    return "".join(_element(one) for one in token.children or ())


def _link(token: Token) -> str:
    return f'<a href="{escape(token.attrs["href"])}" target="_blank">'


def _spoiler(_token: Token) -> str:
    words = escape(_("Show what is covered"))
    box = f'<input type="checkbox" autocomplete="off" aria-label="{words}">'
    return f'<label class="spoiler">{box}<span>'


_SPECIAL: dict[str, Callable[[Token], str]] = {
    "inline": _inline,
    "text": lambda token: escape(token.content),
    "code_inline": lambda token: f"<code>{escape(token.content)}</code>",
    "fence": lambda token: code.block(token.content, token.info),
    "link_open": _link,
    "mention": lambda token: MENTION.format(escape(token.content)),
    "hardbreak": lambda _token: "\n",
    "spoiler_open": _spoiler,
    "spoiler_close": lambda _token: "</span></label>",
    "table_open": lambda _token: '<div class="table-frame" tabindex="0"><table>',
    "table_close": lambda _token: "</table></div>",
}


def words(tokens: Sequence[Token]) -> str:
    """What a text says, in one line, without marks and without what it covers."""
    return " ".join(" ".join(_words(tokens)).split())


def _words(tokens: Iterable[Token]) -> Iterable[str]:
    for one in tokens:
        if one.type == "inline":
            yield "".join(_uncovered(one.children or []))
        elif one.type == "fence":
            yield one.content


def _uncovered(children: Iterable[Token]) -> Iterable[str]:
    covers = 0
    for one in children:
        covers += one.nesting if one.type.startswith("spoiler_") else 0
        if one.type == "spoiler_open" and covers == 1:
            yield COVER
        elif not covers:
            yield f"@{one.content}" if one.type == "mention" else " " if one.type == "hardbreak" else one.content
