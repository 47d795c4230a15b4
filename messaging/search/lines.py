"""A message as a line of a block, and what the block is indexed under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from messaging.documents.message import Message
from messaging.search import words

VERSION = 3
"""Of the way in which lines and terms are made: blocks of another one are made anew."""
TERMS_MAX = 20_000  # of a block; MongoDB takes no more than 100,000 keys of a document
ANY = "*"
"""The only term of a block that has too many."""

_LINK = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def of_message(message: Message) -> str:
    """The words of a message and of its files' names, and what it has, as a line; empty where it is deleted."""
    files = [(one.name, one.type) for one in message.attachments]
    return of_parts(message.content, files, gone=message.deleted_at is not None)


def of_stored(message: dict[str, Any]) -> str:
    """As `of_message`, of the stored document, as much as is needed of it."""
    files = [(one["name"], one["type"]) for one in message.get("attachments", ())]
    return of_parts(message["content"], files, gone="deleted_at" in message)


def of_parts(content: str, files: Sequence[tuple[str, str]], *, gone: bool) -> str:
    """As above; `files` are names and types."""
    if gone:
        return ""
    marks = [has("link")] if "://" in content and _LINK.search(content) else []
    if files:
        marks.append(has("file"))
        if any(kind.startswith("image/") for _name, kind in files):
            marks.append(has("image"))
    text = words.line("\n".join([content, *(name for name, _kind in files)]))
    return f"{text}{' '.join(marks)} " if marks else text


def has(kind: str) -> str:
    return f"has:{kind}"


def sent_by(user: str) -> str:
    """The term of a block in which this person wrote."""
    return f"from:{user}"


def by(place: int) -> str:
    """The word in a line that says who wrote it, by their place among the block's senders."""
    return f"@{place} "


def terms(lines: Iterable[str], senders: Iterable[str]) -> list[str]:
    """What a block is indexed under."""
    found = {one for line in lines for one in line.split()}
    listed = {sent_by(one) for one in senders}
    for piece in found:
        if piece[0] == "@":
            continue
        if piece.isascii():
            listed.add(piece[: words.TERM_MAX])
        else:
            listed.update(words.terms(piece))
    return sorted(listed) if len(listed) <= TERMS_MAX else [ANY]
