"""What the chat adds to Markdown inside a line: addresses, mentions, spoilers, breaks as they were typed."""

from __future__ import annotations

import re

from markdown_it import rules_inline as rules
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_inline import StateInline

from messaging.markup import addresses

_SCHEME = re.compile(r"(?<!\w)https?\Z", re.IGNORECASE)
UNCLOSED_MOST = 40  # each is looked at twice: to find where others end, and for itself
_LONGEST_SCHEME = 6  # with the character before
_MENTION = re.compile(r"@(\w(?:[\w.-]{0,48}\w)?)")


def address(state: StateInline, silent: bool) -> bool:
    """`https://…` is a link. Comes to be asked at the colon, with the scheme read as text already."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending, max(0, len(state.pending) - _LONGEST_SCHEME))
    start = state.pos - len(scheme.group()) if scheme else 0
    found = addresses.at(state.src[: state.posMax], start) if scheme else ""
    if not scheme or start + len(found) <= state.pos:
        return False
    if not silent:
        state.pending = state.pending[: scheme.start()]
        _link(state, found)
    state.pos = start + len(found)
    return True


def _link(state: StateInline, found: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": found}
    state.push("text", "", 0).content = found
    state.push("link_close", "a", -1)


def link(state: StateInline, silent: bool) -> bool:
    """`[words](address)`. For a bracket that is never closed all that follows is read: where no `](` follows none is
    looked at, and of those that stay open all the same only the first ones are."""
    if state.src[state.pos] != "[" or state.src.find("](", state.pos, state.posMax) < 0:
        return False
    unclosed = state.env.get("unclosed", 0)
    if unclosed >= UNCLOSED_MOST:
        return False
    if parseLinkLabel(state, state.pos, True) < 0:
        state.env["unclosed"] = unclosed + 1
        return False
    return rules.link(state, silent)


def mention(state: StateInline, silent: bool) -> bool:
    """`@name`, where no address of mail is meant."""
    found = _MENTION.match(state.src, state.pos, state.posMax)
    before = state.src[state.pos - 1] if state.pos else " "
    if found is None or state.linkLevel or before.isalnum() or before in "_@./-":
        return False
    if not silent:
        state.push("mention", "", 0).content = found.group(1)
    state.pos = found.end()
    return True


def spoiler(state: StateInline, silent: bool) -> bool:
    """`||words||` stay covered until one asks for them."""
    start = state.pos + 2
    if not state.src.startswith("||", state.pos):
        return False
    end = state.src.find("||", start, state.posMax)
    if end <= start or state.src[start:end].isspace():
        return False
    if not silent:
        most, state.pos, state.posMax = state.posMax, start, end
        state.push("spoiler_open", "", 1)
        state.md.inline.tokenize(state)
        state.push("spoiler_close", "", -1)
        state.posMax = most
    state.pos = end + 2
    return True


def newline(state: StateInline, silent: bool) -> bool:
    """A line ends where it was ended, and the next is indented as it was: the page shows both."""
    if state.src[state.pos] != "\n":
        return False
    if not silent:
        state.pending += "\n"
    state.pos += 1
    return True
