"""Keeps the index of search whole: what a process forgot when it died, what was there before, what was imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chatsite.types import ObjectId
from messaging.repositories import blocks, conversations, messages

AT_ONCE = 500  # conversations compared with one question


@dataclass
class Progress:
    """What was done: conversations compared, messages taken in, blocks mended, blocks of an earlier version dropped."""

    conversations: int = 0
    messages: int = 0
    mended: int = 0
    dropped: int = 0


def take_in_all(tell: Callable[[Progress], object] = lambda progress: None, *, anew: bool = False) -> Progress:
    """Compares all logs with the index, and takes in what is missing. Repeating it goes on where it was stopped.
    `anew` makes the whole index anew. `tell` is called whenever something was taken in."""
    done = Progress(dropped=blocks.forget(everything=anew))
    for some in conversations.all_ids(AT_ONCE):
        upto, heads = blocks.upto(some), messages.heads(some)
        for here in (one for one in some if heads[one] > upto[one]):
            _take_in(here, done, tell)
        done.conversations += len(some)
    done.mended = blocks.mend()
    return done


def _take_in(here: ObjectId, done: Progress, tell: Callable[[Progress], object]) -> None:
    for count in blocks.bring_up(here):
        done.messages += count
        tell(done)
