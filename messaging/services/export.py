"""What a person may take along of conversations: those they are in, and every message they can read there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from accounts.services import faces
from accounts.services.exports import Contribution, Part
from accounts.services.exports.contents import document, lines
from chatsite.errors import NotFound
from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.documents import Attachment, Conversation, Membership, SeatDraft
from messaging.protocol import MessageData, ScheduledData, draft_data, message_data, scheduled_data
from messaging.repositories import conversations, messages, seat_drafts
from messaging.services import attachments, discretion, saving, scheduling
from messaging.services.saving import Kept

PAGE = 200  # messages in memory at a time
BLOCK = 256 * 1024  # bytes of a file in memory at a time


def count(me: UserId) -> int:
    """How many messages there are to read, by the heads of the logs."""
    return sum(messages.heads([one.id for one in _mine(me)]).values())


def parts(me: UserId) -> Iterator[Part]:
    """The conversations, who is in them, and a file of messages for each of them."""
    mine = _mine(me)
    seats = conversations.seats_of_person(me)
    yield document("conversations.json", [_told(one, seats[one.id]) for one in mine if one.id in seats])
    company = faces.cards(me, {UserId(user) for one in mine for user in one.participants})
    yield document("people.json", [msgspec.structs.asdict(card) for card in company.values()])
    yield document("drafts.json", [_begun(*one) for one in seat_drafts.of_person(me).items()])
    yield document("scheduled-messages.json", _waiting(me))
    yield lines("saved-messages.jsonl", map(_kept, saving.everything(me)))
    for one in mine:
        files: list[Attachment] = []
        yield lines(f"conversations/{one.id}.jsonl", _messages(me, one.id, files))
        for file in files:  # known once the messages before were written
            yield Part(f"files/{file.id}/{file.name}", _content(me, file))


def _mine(me: UserId) -> list[Conversation]:
    """Without those that are put away."""
    found = []
    for one in conversations.of_person(me):
        with suppress(NotFound):
            found.append(access.conversation(me, one.id).conversation)
    return found


def _told(one: Conversation, seat: Membership) -> dict[str, Any]:
    """What it is, and how this person has it in their list."""
    shown = ("type", "name", "description", "participants", "created_by", "created_at", "last_seq")
    mine = ("role", "joined_at", "muted_until", "level", "pinned_at", "archived_seq", "marked_unread")
    told = {name: getattr(one, name) for name in shown}
    return {"id": str(one.id), **told, "mine": {name: getattr(seat, name) for name in mine}}


def _begun(here: ObjectId, draft: SeatDraft) -> dict[str, Any]:
    return {"conversation_id": str(here), **msgspec.structs.asdict(draft_data(draft))}


def _waiting(me: UserId) -> list[ScheduledData]:
    found = scheduling.mine(me)
    files = scheduling.files_of(found)
    return [scheduled_data(one, files) for one in found]


def _kept(one: Kept) -> dict[str, Any]:
    where = {"conversation_id": str(one.message.conversation_id), "message_id": str(one.message.id)}
    return {**where, "saved_at": one.saved.saved_at, "content": one.message.content}


def _messages(me: UserId, here: ObjectId, files: list[Attachment]) -> Iterator[MessageData]:
    """All of them in order, as this person is shown them, a page at a time. Their files are noted in `files`."""
    seq = 0
    while page := messages.after(here, seq, PAGE):
        seq = page[-1].seq
        seen = [one for one in discretion.sight(me).messages(page) if not one.hidden_for]
        files += [file for one in seen for file in one.attachments]
        yield from map(message_data, seen)


def _content(me: UserId, file: Attachment) -> Iterator[bytes]:
    """Nothing where its message was deleted since."""
    with suppress(NotFound), attachments.content(me, file) as stored:
        while block := stored.read(BLOCK):
            yield block


CONTRIBUTION = Contribution(count, parts)
