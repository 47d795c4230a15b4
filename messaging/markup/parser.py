"""Markdown as the chat reads it. What is not in here is text: HTML, pictures, headings, reference links, entities."""

from __future__ import annotations

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.token import Token

from messaging.markup import addresses, inline

DEEPEST = 12  # levels of blocks in each other; a list takes two
INLINE_DEEPEST = 20
_BLOCKS = ["table", "fence", "blockquote", "list", "paragraph"]
_INLINE = ["text", "newline", "escape", "backticks", "strikethrough", "emphasis", "link", "autolink"]
_AFTER = ["balance_pairs", "strikethrough", "emphasis", "fragments_join"]
_INTERRUPTS = ["paragraph", "reference", "blockquote"]
_BRACKETS_MOST = 100
BlockRule = Callable[[StateBlock, int, int, bool], bool]


class Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  markdown-it's name
        return addresses.allowed(url)


def parse(content: str) -> list[Token]:
    """The tokens of a text. Time is bounded: what costs more with each one inside another is read so deep and no
    deeper; beyond 100 opening brackets, or a few that are never closed, none of them begins a link."""
    tokens = (_full if content.count("[") <= _BRACKETS_MOST else _without_links).parse(content)
    for one in tokens:
        _make_honest(one.children or [])
    return tokens


def _make_honest(children: list[Token]) -> None:
    """A link that is worded as an address of another host shows its own; one that leads nowhere is none."""
    opened = 0
    for place, one in enumerate(children):
        if one.type == "link_open":
            opened = place
        elif one.type == "link_close":
            target = str(children[opened].attrs["href"])
            _reword(target, children[opened + 1 : place])
            if not target:
                _make_text(children[opened], "[")
                _make_text(one, "]()")


def _reword(target: str, wording: list[Token]) -> None:
    worded = addresses.within("".join(one.content for one in wording))
    if target and worded and addresses.host(worded) != addresses.host(target):
        for one in wording:
            one.content = ""
        _make_text(wording[0], target)


def _make_text(token: Token, content: str) -> None:
    token.type, token.nesting, token.content = "text", 0, content


def _shallow(rule: BlockRule) -> BlockRule:
    """The rule, as long as it is not too deep: markdown-it would leave out what is."""

    def applied(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start, end, silent)

    return applied


def _made() -> Markdown:
    made = Markdown("zero", {"maxNesting": INLINE_DEEPEST, "html": False})
    made.enable(_BLOCKS + _INLINE + _AFTER)
    made.block.ruler.at("blockquote", _shallow(blockquote), {"alt": [*_INTERRUPTS, "list"]})
    made.block.ruler.at("list", _shallow(list_block), {"alt": _INTERRUPTS})
    made.inline.ruler.at("newline", inline.newline)
    made.inline.ruler.at("link", inline.link)
    made.inline.ruler.before("emphasis", "address", inline.address)
    made.inline.ruler.before("emphasis", "mention", inline.mention)
    made.inline.ruler.before("emphasis", "spoiler", inline.spoiler)
    made.inline.add_terminator_char("|")
    return made


_full = _made()
_without_links = _made()
_without_links.disable("link")
