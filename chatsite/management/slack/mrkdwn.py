"""Slack's way to mark up a text, in ours. Time grows with the length, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from chatsite.management.slack.emoji import emoji
from messaging.markup import addresses

_TOKEN = re.compile(r"```(.+?)```|`([^`\n]+)`|<([^<>\n]{1,4000})>|:([\w+'-]{1,60}(?:::skin-tone-[2-6])?):", re.DOTALL)
_KEPT, _END = "\ue000", "\ue001"  # around the number of a part that is done
_PRIVATE = re.compile("[\0\ue000-\ue008]")
_STYLES = (
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])"), "\ue002"),
    (re.compile(r"(?<![\w_\\])_(?=[^\s_])([^_\n]*[^\s_])_(?![\w_])"), "\ue003"),
    (re.compile(r"(?<![\w~\\])~(?=[^\s~])([^~\n]*[^\s~])~(?![\w~])"), "\ue004"),
)
_MARKS = {"\ue002": "**", "\ue003": "_", "\ue004": "~~"}
_LITERAL = re.compile(r"[\\`*]|(?<!\w)_|_(?!\w)|~~|\|\||\[(?=[^\]\n]*\]\()")
_REST_QUOTED = re.compile(r"^&gt;&gt;&gt; ?(.*)", re.DOTALL | re.MULTILINE)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("&(?:lt|gt|amp);")
_EVERYONE = {"channel", "here", "everyone"}


@dataclass
class Names:
    """What ids stand for: people by their user names, channels by theirs."""

    people: Mapping[str, str]
    channels: Mapping[str, str]


@dataclass
class Text:
    """A text in our Markdown; the ids of those it mentions, and how many emoji had no character."""

    words: str
    mentioned: list[str] = field(default_factory=list)
    unknown_emoji: int = 0


def converted(source: str, names: Names) -> Text:
    """The text of a message of Slack's."""
    found = Text("")
    parts: list[str] = []

    def kept(part: str) -> str:
        parts.append(part)
        return f"{_KEPT}{len(parts) - 1}{_END}"

    def token(match: re.Match[str]) -> str:
        return kept(_part(match, names, found))

    text = _TOKEN.sub(token, _PRIVATE.sub("", source))
    for style, mark in _STYLES:
        text = style.sub(rf"{mark}\1{mark}", text)
    text = _REST_QUOTED.sub(lambda match: "&gt; " + match[1].replace("\n", "\n&gt; "), text)
    text = plain(_LITERAL.sub(lambda match: "".join(f"\\{one}" for one in match[0]), text))
    for mark, ours in _MARKS.items():
        text = text.replace(mark, ours)
    found.words = re.sub(f"{_KEPT}(\\d+){_END}", lambda match: parts[int(match[1])], text)
    return found


def plain(text: str) -> str:
    """Without Slack's three entities, each undone once."""
    return _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)


def _part(match: re.Match[str], names: Names, found: Text) -> str:
    block, code, reference, name = match.groups()
    if block is not None:
        inside = plain(_bare(block)).strip("\n")
        return f"\n```\n{inside}\n```\n" if "```" not in inside else inside
    if code is not None:
        return f"`{plain(_bare(code))}`"
    if reference is not None:
        return _reference(reference, names, found, match.string[match.end() : match.end() + 1])
    sign = emoji(name)
    found.unknown_emoji += not sign and not name.isdigit()
    return sign or match[0]


def _bare(code: str) -> str:
    """In code an address is written out, without what Slack puts around it."""
    return re.sub(r"<([^<>|\n]+)(?:\|([^<>\n]*))?>", lambda match: match[2] or match[1], code)


def _reference(inside: str, names: Names, found: Text, follows: str) -> str:
    target, _bar, label = inside.partition("|")
    label = plain(label)
    if target.startswith("@"):
        return _person(target[1:], label, names, found)
    if target.startswith("#"):
        return f"#{label or names.channels.get(target[1:], target[1:])}"
    if target.startswith("!"):
        return _special(target[1:], label)
    return _link(plain(target), label, follows)


def _person(who: str, label: str, names: Names, found: Text) -> str:
    if who in names.people:
        found.mentioned.append(who)
        return f"@{names.people[who]}"
    return f"@{label.removeprefix('@') or who}"


def _special(what: str, label: str) -> str:
    if what in _EVERYONE:
        return "@all"
    return label or f"@{what.partition('^')[0]}"


def _link(target: str, label: str, follows: str) -> str:
    """A link of ours where it leads somewhere; else its words."""
    if not addresses.allowed(target):
        return label or target
    address = re.sub(r"[\s()<>\\]", lambda match: quote(match[0]), target)
    if label and label not in (target, target.partition("://")[2].rstrip("/")):
        words = re.sub(r"([\\\[\]`*_])", r"\\\1", label)
        return f"[{words}]({address})"
    if target.startswith("mailto:"):
        return f"[{target.removeprefix('mailto:')}]({address})"
    return address if not follows or follows.isspace() else f"<{address}>"
