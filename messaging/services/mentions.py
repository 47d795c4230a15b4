"""Who is meant by `@name` in a message."""

from __future__ import annotations

from accounts.services import people
from chatsite.postgres import absence
from chatsite.types import ObjectId, UserId
from messaging import markup
from messaging.repositories import conversations

EVERYBODY = "all"
MOST = 50  # people in one message; the others' names are text


def of(here: ObjectId, content: str) -> tuple[UserId, ...]:
    """The members of conversation `here` whom a text names, each once, in the order of their names.

    `@all` is no one's name: whoever reads the text finds it there. While PostgreSQL is away nobody is found.
    """
    names = list(dict.fromkeys(one.casefold() for one in markup.names(content)))
    nobody: dict[str, UserId] = {}
    found = absence.or_known(lambda: people.named(names), nobody) if names else nobody
    meant = dict.fromkeys(found[one] for one in names if one in found)
    if not meant:
        return ()
    conversation = conversations.by_id(here)
    there = set(conversation.participants) if conversation else set()
    return tuple(one for one in meant if one in there)[:MOST]


def everyone(content: str) -> bool:
    """Whether a text calls everybody in the conversation."""
    return f"@{EVERYBODY}" in content and EVERYBODY in markup.names(content)
