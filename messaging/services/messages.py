"""Writing to the log, and reading pages of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.errors import Forbidden, Invalid, NotFound, TooLarge
from chatsite.realtime import farewell, hub
from chatsite.realtime.publication import Publication
from chatsite.types import ObjectId, UserId, object_id
from messaging import access, broadcasts, markup, signals
from messaging.access import Seat
from messaging.documents import CONTENT_MAX, PREVIEW_MAX, Change, Message
from messaging.repositories import changes, messages
from messaging.repositories.drafts import Appended, Draft
from messaging.repositories.indexer import indexer
from messaging.repositories.projector import projector
from messaging.repositories.writer import Writer
from messaging.services import attachments, discretion, mentions, replies, requests

log = logging.getLogger(__name__)
PAGE_MAX = 200  # messages
PAGE = 50  # messages


def _stored(batch: list[Message]) -> None:
    """A batch holds: tell its conversations, then the storeys above. In the writer's thread, before the answers."""
    broadcasts.messages_appended(batch)
    projector.add(batch)
    indexer.add({one.conversation_id for one in batch})
    for receiver, answer in signals.messages_appended.send_robust(sender=Message, messages=batch):
        if isinstance(answer, Exception):
            log.error("%s failed after messages were stored: %r", receiver, answer)


writer = Writer(_stored)
farewell.before_leaving(writer.settle)


def _appended_elsewhere(events: list[Publication]) -> None:
    """Another process's writer got further: this one need not find that out by being refused."""
    writer.heard({ObjectId(one.sent.conversation): one.sent.seq for one in events})


hub.hears("message.created", _appended_elsewhere)

Sent = Appended
"""The stored message, and whether this call stored it."""


@dataclass(frozen=True)
class Page:
    """Messages in `seq` order. `head` is [seq, rev] of the conversation, read before the page was."""

    messages: list[Message]
    has_before: bool
    has_after: bool
    head: tuple[int, int]


def check_content(content: str, *, alone: bool = True) -> str:
    """The text of a message, exactly as given: spaces are a text, nothing is none, which is enough where it is not
    `alone` but goes with files. Raises Invalid or TooLarge."""
    if not content and alone:
        raise Invalid(_("A message needs some text."), fields={"content": [_("Write something first.")]})
    if len(content) > CONTENT_MAX:
        words = _("A message has at most %(most)d characters; this one has %(count)d.")
        raise TooLarge(words % {"most": CONTENT_MAX, "count": len(content)})
    check_storable(content)
    return content


def check_storable(content: str) -> None:
    """Raises Invalid."""
    if "\0" in content or not _encodable(content):
        words = _("The text has characters that cannot be stored.")
        raise Invalid(words, fields={"content": [words]})


def _encodable(content: str) -> bool:
    """Whether UTF-8 can hold it: a lone surrogate, half of a character, it cannot."""
    try:
        content.encode()
    except UnicodeEncodeError:
        return False
    return True


def draft(
    me: UserId,
    here: ObjectId,
    client_id: str | UUID,
    content: str,
    reply_to: ObjectId | str | None = None,
    files: Sequence[ObjectId | str] = (),
    thread_id: ObjectId | str | None = None,
) -> Draft:
    """What someone who sits in conversation `here` wants to say, checked. Asks the databases for a reply, a thread, for
    names and for files, which are this message's from here on.

    Raises Invalid, TooLarge, NotFound, Conflict.
    """
    words = check_content(content, alone=not files)
    answered = None if reply_to is None else replies.answered(here, object_id(reply_to))
    key = canonical(client_id)
    return Draft(
        conversation_id=here,
        sender_id=me,
        client_id=key,
        content=words,
        reply_to=answered,
        thread_id=None if thread_id is None else replies.thread(me, here, key, object_id(thread_id)),
        attachments=attachments.claim(me, here, key, files),
        mentions=mentions.of(here, content),
    )


def send(
    me: UserId,
    conversation_id: ObjectId | str,
    client_id: str | UUID,
    content: str,
    reply_to: ObjectId | str | None = None,
    files: Sequence[ObjectId | str] = (),
    thread_id: ObjectId | str | None = None,
) -> Sent:
    """Appends a message and waits until the write holds. Repeating it with the same `client_id` gives the same message.
    Who answers a message request accepts it.

    Raises NotFound, Forbidden, Invalid, TooLarge, Conflict or Unavailable.
    """
    seat = access.conversation(me, conversation_id)
    wanted = draft(me, seat.conversation.id, client_id, content, reply_to, files, thread_id)
    sent = may_send(wanted, seat.partner)
    if sent is None:
        if seat.waiting:
            requests.accept(me, seat.conversation.id)
        sent = writer.append_and_wait(wanted)
    return sent if sent.created else replace(sent, message=as_seen(me, [sent.message])[0])


def may_send(wanted: Draft, partner: UserId | None) -> Sent | None:
    """Raises Forbidden where the other one of a private conversation does not take messages from the sender.

    Unless it is stored already: whoever missed the answer to an earlier try gets it, whatever happened since.
    """
    try:
        access.check_contact(wanted.sender_id, partner, wanted.conversation_id)
    except Forbidden:
        earlier = messages.by_client_id(wanted.conversation_id, wanted.sender_id, wanted.client_id)
        if earlier is None:
            raise
        return Appended(earlier, created=False)
    return None


def preview(message: Message) -> str:
    """How a message begins, in one line and without marks: for whoever is told of it elsewhere."""
    return markup.preview(message.content, message.file_names, PREVIEW_MAX)


def one(me: UserId, message_id: ObjectId | str) -> Message:
    """One message of a conversation this person is in, unless they have deleted it for themself. Raises NotFound."""
    (found,) = as_seen(me, [access.message(me, message_id)])
    if found.hidden_for:
        raise NotFound(_("There is no such message."))
    return found


def page(
    me: UserId,
    conversation_id: ObjectId | str,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = PAGE,
) -> Page:
    """A page of the log: the newest, or the one before, after or around a `seq`. Raises NotFound."""
    seat = access.conversation(me, conversation_id)
    return read_page(seat, before=before, after=after, around=around, limit=limit)


def read_page(
    seat: Seat, *, before: int | None = None, after: int | None = None, around: int | None = None, limit: int = PAGE
) -> Page:
    """As `page`, for someone whose seat is known."""
    here, limit = seat.conversation.id, max(1, min(limit, PAGE_MAX))
    if before is after is around is None:
        return _newest(seat, messages.last(here, limit))
    head = messages.head(here)
    if around is not None:
        found = messages.before(here, around, limit // 2)
        found += messages.after(here, around - 1, limit - len(found))
    elif after is not None:
        found = messages.after(here, after, limit)
    else:
        found = messages.before(here, before, limit)
    first, last = _span(found, before, after if around is None else around - 1, head)
    shown = as_seen(seat.me, replies.counted(found))
    return Page(shown, first > 1, last < head, (max(head, last), seat.conversation.last_rev))


def happened(seat: Seat, page: Page, after: int | None = None) -> list[Change]:
    """What was changed about the conversation between the messages of a page, to be told there. `after`: the `seq` that
    the page follows; what came right behind that is told again. Nothing is asked for a page behind the last of it."""
    first, last = _ends(page)
    low = min(first, after or first)
    lined = seat.conversation.lined_seq
    if lined is None or lined < low:
        return []
    return changes.between(seat.conversation.id, low, last)


def _ends(page: Page) -> tuple[int, int | None]:
    """After which messages that happened which belongs to a page: the beginning and the end of the log are open."""
    first = page.messages[0].seq if page.messages and page.has_before else 0
    return first, page.messages[-1].seq if page.messages and page.has_after else None


def on_day(seat: Seat, day: date) -> int | None:
    """The `seq` of the first message from a day on, as the day is where the reader is; None where there is none."""
    return messages.first_since(seat.conversation.id, timezone.make_aware(datetime.combine(day, time.min)))


def as_seen(me: UserId, found: list[Message]) -> list[Message]:
    """The messages as `Sight` shows them to this person; nothing is asked where all see the same."""
    if not any(one.delivered_to or one.read_by or one.hidden_for for one in found):
        return found
    return discretion.sight(me).messages(found)


def _newest(seat: Seat, found: list[Message]) -> Page:
    """The last page knows the head: it is its own last message."""
    head = found[-1].seq if found else 0
    shown = as_seen(seat.me, replies.counted(found))
    return Page(shown, bool(found) and found[0].seq > 1, False, (head, seat.conversation.last_rev))


def _span(found: list[Message], before: int | None, after: int | None, head: int) -> tuple[int, int]:
    """First and last `seq` of a page; of an empty one, those of the gap that was looked into."""
    if found:
        return found[0].seq, found[-1].seq
    if after is not None:
        return min(after, head) + 1, min(after, head)
    return (1, 0) if before is not None else (1, head)


@dataclass(frozen=True)
class ChangePage:
    """Changes in `rev` order. `more` says that others follow; `head` is [seq, rev] of the conversation."""

    changes: list[Change]
    more: bool
    head: tuple[int, int]


def changes_since(me: UserId, conversation_id: ObjectId | str, rev: int, limit: int = PAGE) -> ChangePage:
    """What was changed about a conversation after `rev`. Raises NotFound."""
    seat = access.conversation(me, conversation_id)
    here = seat.conversation.id
    found = changes.after(here, rev, limit + 1)
    return ChangePage(found[:limit], len(found) > limit, (messages.head(here), seat.conversation.last_rev))


def canonical(client_id: str | UUID) -> str:
    """A UUID as lower-case text. Raises Invalid."""
    try:
        return str(client_id if isinstance(client_id, UUID) else UUID(client_id))
    except (ValueError, AttributeError, TypeError):
        words = _("Not a UUID.")
        raise Invalid(words, fields={"client_id": [words]}) from None
