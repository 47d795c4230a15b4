"""What was said elsewhere or earlier, written into the log with its times and without telling anyone."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from chatsite.clock import now
from chatsite.mongo.client import DURABLE
from chatsite.types import ObjectId, UserId
from messaging import broadcasts
from messaging.documents import Conversation, Message, Reaction
from messaging.repositories import changes, conversations, messages, receipts, threads
from messaging.repositories.drafts import Draft
from messaging.repositories.indexer import indexer
from messaging.repositories.writer import BATCH_MAX, Writer
from messaging.services import mentions
from messaging.services.conversations import check_name, new_seat
from messaging.services.messages import check_content


@dataclass(frozen=True)
class Entry:
    """A message as it was. `client_id` is a UUID that is the same whenever this message is taken in again; `answers`
    is that of the message it answers, `thread_id` that of the one whose thread it is in; `mentions` are those whom the
    text names, members or not; None: the members whom it names by now."""

    client_id: str
    sender_id: UserId
    content: str
    at: datetime
    answers: str | None = None
    mentions: tuple[UserId, ...] | None = None
    thread_id: str | None = None


@dataclass(frozen=True)
class Known:
    """A message as it was, with the id it has in our log for ever (`lasting_id`), and what became of it. `root` is the
    id of the message whose thread it is in."""

    id: ObjectId
    entry: Entry
    root: ObjectId | None = None
    edited_at: datetime | None = None
    reactions: tuple[Reaction, ...] = ()


def _project(batch: list[Message]) -> None:
    conversations.project({one.conversation_id: one for one in batch}.values(), DURABLE)
    indexer.add({one.conversation_id for one in batch})
    for here, root in {(one.conversation_id, one.thread_id) for one in batch if one.thread_id}:
        threads.bring_up(here, root)


_writer = Writer(_project)


def take_in(here: ObjectId, entries: Sequence[Entry]) -> Iterator[int]:
    """Appends the entries that are not in the log yet, in order. Yields, after each write, how many it stored.

    Nobody is told: open clients find out with their next heartbeat. Raises Invalid, TooLarge, Unavailable; what was
    stored until then stays, and repeating goes on from there.
    """
    _writer.forget()
    ids = messages.ids_by_client_id(here, [one.client_id for one in entries])
    fresh = [one for one in entries if one.client_id not in ids]
    for first in range(0, len(fresh), BATCH_MAX):
        drafts = []
        for one in fresh[first : first + BATCH_MAX]:
            draft = _draft(here, one, ids)
            ids[one.client_id] = draft.id
            drafts.append(draft)
        yield sum(one.created for one in _writer.store(drafts))


def stream(here: ObjectId, entries: Iterable[Known]) -> Iterator[tuple[int, int]]:
    """As `take_in`, for logs of any length: only what is written next is in memory. A thread whose first message is not
    in the log, nor came before, is none: its replies are messages like others. Who had read everything has so
    afterwards. Yields, after each write, how many entries it has read and how many it stored.
    """
    _writer.forget()
    before = messages.head(here)
    for batch in _batches(entries):
        there = messages.existing([one for entry in batch for one in (entry.id, entry.root) if one])
        drafts = []
        for one in batch:
            if one.id not in there:
                drafts.append(_known_draft(here, one, there))
                there.add(one.id)
        yield len(batch), sum(one.created for one in _writer.store(drafts)) if drafts else 0
    receipts.count_as_read(here, before, messages.head(here))


def lasting_id(here: ObjectId, key: str, at: datetime) -> ObjectId:
    """The id of the message that is known by this key, whoever is taken for its sender; of its time, as all ids are."""
    digest = hashlib.sha256(f"{here}:{key}".encode()).digest()
    return ObjectId(struct.pack(">I", int(at.timestamp()) & 0xFFFFFFFF) + digest[:8])


def _batches(entries: Iterable[Known]) -> Iterator[list[Known]]:
    waiting = iter(entries)
    while batch := list(islice(waiting, BATCH_MAX)):
        yield batch


def _known_draft(here: ObjectId, known: Known, there: set[ObjectId]) -> Draft:
    plain = _draft(here, known.entry, {})
    root = known.root if known.root in there else None
    return replace(plain, id=known.id, thread_id=root, edited_at=known.edited_at, reactions=known.reactions)


def _draft(here: ObjectId, entry: Entry, ids: dict[str, ObjectId]) -> Draft:
    return Draft(
        conversation_id=here,
        sender_id=entry.sender_id,
        client_id=entry.client_id,
        content=check_content(entry.content),
        reply_to=ids.get(entry.answers or ""),
        thread_id=ids.get(entry.thread_id or ""),
        mentions=mentions.of(here, entry.content) if entry.mentions is None else entry.mentions,
        created_at=entry.at,
    )


def room(name: str, founder: UserId, key: str | None = None, *, public: bool = False) -> Conversation:
    """The group for what has this key, or else this name: always the same one, whatever it is called by now. It has no
    members until someone is let in; one that is `public` can be joined by anyone.

    Raises Invalid for what is no name of a group.
    """
    title, moment = check_name(name), now()
    here = ObjectId(hashlib.sha256(f"archive:{key or title}".encode()).digest()[:12])
    found = conversations.by_id(here)
    if found is not None:
        return found
    fresh = Conversation(
        id=here,
        type="group",
        participants=[],
        name=title,
        created_by=founder,
        created_at=moment,
        updated_at=moment,
        last_message_at=moment,
        public=public or None,
    )
    return changes.record(
        here, "created", founder, lambda session: conversations.insert(session, fresh, []), told=False
    )[1]


def private(one: UserId, other: UserId) -> Conversation:
    """The private conversation of two people, who have both said yes to it where it is made by this."""
    both, moment = sorted([one, other]), now()
    pair = conversations.pair(one, other)
    fresh = Conversation(
        id=ObjectId(),
        type="private",
        participants=[str(who) for who in both],
        created_by=both[0],
        created_at=moment,
        updated_at=moment,
        pair=pair,
    )
    return conversations.open_private(pair, fresh, [new_seat(fresh, who) for who in both])[0]


def seat(here: ObjectId, people: Sequence[UserId], owner: UserId | None = None, by: UserId | None = None) -> int:
    """Gives all of these people a seat, at once; returns how many had none. `owner` owns the group where nobody does,
    else the first of them. `by`: who takes them in; None: who made the conversation.

    What is in the log by now counts as old: it is not unread.
    """
    there, conversation = {one.user_id: one.role for one in conversations.seats(here)}, conversations.by_id(here)
    fresh = [one for one in dict.fromkeys(people) if one not in there]
    if conversation is None or not fresh:
        return 0
    first = None if "owner" in there.values() else owner if owner in fresh else fresh[0]
    seats = [new_seat(conversation, one, "owner" if one == first else "member") for one in fresh]
    change, after = changes.record(
        here,
        "member_added",
        by or UserId(conversation.created_by),
        lambda session: conversations.add_seats(session, here, seats),
        {"user_ids": [str(one) for one in fresh]},
        told=False,
    )
    for one in fresh:
        broadcasts.seat_taken(after, one, change.rev)
    return len(fresh)


def let_in(here: ObjectId, who: UserId) -> bool:
    """As `seat`, for one person who comes by themselves. False when they have a seat already."""
    return bool(seat(here, [who], by=who))
