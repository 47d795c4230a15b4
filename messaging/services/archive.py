"""What was said elsewhere or earlier, written into the log with its times and without telling anyone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chatsite.clock import now
from chatsite.mongo.client import DURABLE
from chatsite.types import ObjectId, UserId
from messaging import broadcasts
from messaging.documents import Conversation, Message, Role
from messaging.repositories import changes, conversations, messages, threads
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


def room(name: str, founder: UserId, key: str | None = None) -> Conversation:
    """The group for what has this key, or else this name: always the same one, whatever it is called by now. It has no
    members until someone is let in.

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
    )
    return changes.record(
        here, "created", founder, lambda session: conversations.insert(session, fresh, []), told=False
    )[1]


def let_in(here: ObjectId, who: UserId) -> bool:
    """Gives someone a seat: as the owner where there is none, else as a member. False when they have one already.

    What is in the log by now counts as old: it is not unread.
    """
    seats, conversation = conversations.seats(here), conversations.by_id(here)
    if conversation is None or any(one.user_id == who for one in seats):
        return False
    role: Role = "member" if any(one.role == "owner" for one in seats) else "owner"
    seat = new_seat(conversation, who, role)
    details = {"user_ids": [str(who)]}
    change, after = changes.record(
        here, "member_added", who, lambda session: conversations.add_seats(session, here, [seat]), details, told=False
    )
    broadcasts.seat_taken(after, who, change.rev)
    return True
