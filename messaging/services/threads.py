"""Threads: what is said under one message, beside the conversation. Its replies are messages of the same log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.access import Seat
from messaging.documents import Message
from messaging.repositories import messages, threads
from messaging.repositories.projector import projector
from messaging.services import replies
from messaging.services.messages import PAGE, PAGE_MAX, as_seen


@dataclass(frozen=True)
class ThreadPage:
    """The message a thread begins with, and replies to it in `seq` order. `head` is [seq, rev] of the conversation,
    read before they were."""

    root: Message
    replies: list[Message]
    has_before: bool
    has_after: bool
    head: tuple[int, int]

    @property
    def messages(self) -> list[Message]:
        """From the beginning, where this page reaches it."""
        return self.replies if self.has_before else [self.root, *self.replies]

    @property
    def first_seq(self) -> int:
        return self.messages[0].seq if self.messages else self.root.seq

    @property
    def last_seq(self) -> int:
        return self.messages[-1].seq if self.messages else self.root.seq


def root(me: UserId, message_id: ObjectId | str) -> Message:
    """The message with which the thread begins that this message begins or is in. Raises NotFound."""
    found = access.message(me, message_id)
    return found if found.thread_id is None else access.message(me, found.thread_id)


def page(
    me: UserId,
    message_id: ObjectId | str,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = PAGE,
) -> ThreadPage:
    """A page of a thread: the newest replies, or those before, after or around a `seq`. Raises NotFound."""
    begun = root(me, message_id)
    seat = access.conversation(me, begun.conversation_id)
    return read_page(seat, begun, before=before, after=after, around=around, limit=limit)


def read_page(
    seat: Seat,
    root: Message,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = PAGE,
) -> ThreadPage:
    """As `page`, for someone whose seat is known."""
    here, limit = seat.conversation.id, max(1, min(limit, PAGE_MAX))
    head = (messages.head(here), seat.conversation.last_rev)
    if after is not None:
        found, has_before, has_after = _after(here, root.id, after, limit)
    elif around is not None:
        above, has_before, _ = _before(here, root.id, around, limit // 2)
        below, _, has_after = _after(here, root.id, around - 1, limit - len(above))
        found = above + below
    else:
        found, has_before, has_after = _before(here, root.id, before, limit)
    if found and not has_after:
        _mend(root, found[-1])
    begun, *shown = as_seen(seat.me, replies.counted([root, *found]) if not has_after else [root, *found])
    return ThreadPage(begun, shown, has_before, has_after, head)


def _before(here: ObjectId, root: ObjectId, seq: int | None, limit: int) -> tuple[list[Message], bool, bool]:
    found = threads.before(here, root, seq, limit + 1)
    beyond = seq is not None and bool(threads.after(here, root, seq - 1, 1))
    return found[-limit:], len(found) > limit, beyond


def _after(here: ObjectId, root: ObjectId, seq: int, limit: int) -> tuple[list[Message], bool, bool]:
    found = threads.after(here, root, seq, limit + 1)
    return found[:limit], bool(threads.before(here, root, seq + 1, 1)), len(found) > limit


def _mend(root: Message, last: Message) -> None:
    """A process that died may have left the root behind."""
    if root.thread is None or root.thread.seq < last.seq:
        projector.add([last])


def participants(here: ObjectId, roots: Sequence[ObjectId]) -> dict[ObjectId, set[UserId]]:
    """Who began each of these threads of a conversation, and who has written in it."""
    begun, written = messages.by_ids(roots), threads.senders(here, roots)
    return {
        one: {UserId(who) for who in {begun[one].sender_id, *written.get(one, ())}} for one in roots if one in begun
    }


def mend(since: datetime) -> int:
    """Counts the threads anew that have grown since a moment, whatever their roots know. Returns how many."""
    done = 0
    for here, begun in threads.lagging(since):
        threads.bring_up(here, begun, anew=True)
        done += 1
    return done
