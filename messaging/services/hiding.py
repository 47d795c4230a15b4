"""Deleting for oneself only: no device of this person shows, counts or finds the message; nobody else notices."""

from __future__ import annotations

from chatsite.types import ObjectId, UserId
from messaging import access, broadcasts
from messaging.documents import Conversation, Membership, Message
from messaging.repositories import conversations, hidden


def hide(me: UserId, message_id: ObjectId | str, on: bool) -> Message:
    """Hides a message from this person, or shows it again, on all their devices. Raises NotFound."""
    message = access.message(me, message_id)
    if hidden.hide(message, me, on):
        broadcasts.message_hidden(me, message, on)
    return message


def among(me: UserId, conversation_id: ObjectId | str, first: int, last: int) -> list[int]:
    """Which messages from `first` to `last` this person has hidden: for a page that was not told at once."""
    return hidden.seqs(access.conversation(me, conversation_id).conversation.id, me, first, last)


def without_hidden(me: UserId, found: Conversation, seat: Membership) -> Conversation:
    """The conversation with the preview of the newest message that this person has not hidden. Nothing is asked unless
    they have hidden the newest one."""
    if seat.hidden_seq is None or seat.hidden_seq < found.last_seq:
        return found
    return conversations.previewed(found, hidden.newest_shown(found.id, me))
