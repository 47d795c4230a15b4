"""What the sockets hear of. Every event is made here, once, from what was stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatsite.clock import iso
from chatsite.realtime import hub
from chatsite.realtime.hub import conversation_topic, user_topic
from chatsite.realtime.protocol import encode
from chatsite.realtime.publication import Publication
from chatsite.realtime.window import Sent, counted, size_of
from chatsite.types import ObjectId, UserId
from messaging import presentation
from messaging.documents import Change, Conversation, Membership, Message, SeatDraft
from messaging.protocol import (
    ConversationChanged,
    ConversationRemoved,
    DraftChanged,
    MembershipChanged,
    MessageChanged,
    MessageCreated,
    MessageHidden,
    MessageSaved,
    ReceiptUpdated,
    RequestState,
    RequestUpdated,
    ScheduledChanged,
    conversation_data,
    membership_data,
    message_data,
)


def messages_appended(messages: list[Message]) -> None:
    """A batch was stored: tell its conversations."""
    hub.hub.publish(*(_created(one) for one in messages))


def _created(message: Message) -> Publication:
    here = str(message.conversation_id)
    event = MessageCreated(conversation_id=here, seq=message.seq, message=message_data(message))
    text = encode(event)
    return Publication(conversation_topic(message.conversation_id), text, "message.created", sent=counted(event, text))


def conversation_changed(conversation: Conversation, change: Change) -> None:
    """A rename, a member more or fewer, a role: everyone in it sees the conversation as it now is."""
    event = ConversationChanged(
        conversation_id=str(conversation.id),
        rev=change.rev,
        kind=change.kind,
        conversation=conversation_data(conversation),
    )
    hub.publish(conversation.id, event)


def message_changed(message: Message, change: Change) -> None:
    """An edit, a deletion, a reaction, a pin: the message as it now is, to those in private mode without receipts."""
    if not message.delivered_to and not message.read_by:
        hub.publish(message.conversation_id, _changed(message, change))
        return
    topic, bare = conversation_topic(message.conversation_id), without_receipts(message)
    hub.hub.publish(
        *(
            Publication(topic, encode(_changed(one, change)), "message.changed", receipts=one is message)
            for one in (message, bare)
        )
    )


def _changed(message: Message, change: Change) -> MessageChanged:
    here = str(message.conversation_id)
    return MessageChanged(conversation_id=here, rev=change.rev, kind=change.kind, message=message_data(message))


def message_hidden(me: UserId, message: Message, on: bool) -> None:
    """Deleted for oneself only, or shown again: for one's own devices."""
    here, which = str(message.conversation_id), str(message.id)
    hub.publish_to_user(me, MessageHidden(conversation_id=here, message_id=which, seq=message.seq, on=on))


def without_receipts(message: Message) -> Message:
    return msgspec.structs.replace(message, delivered_to=[], read_by=[])


def seat_taken(conversation: Conversation, user_id: UserId, rev: int = 0) -> None:
    """Someone is in the conversation now: their sockets join it, and learn of it."""
    hub.order(user_id, join=str(conversation.id), known=[conversation.last_seq, conversation.last_rev])
    data = conversation_data(conversation)
    hub.publish_to_user(
        user_id,
        ConversationChanged(conversation_id=str(conversation.id), rev=rev, kind="added", conversation=data),
    )


def seat_lost(conversation_id: ObjectId, user_id: UserId, reason: str) -> None:
    """Someone is no longer in it: no event of it reaches them from here on."""
    hub.order(user_id, leave=str(conversation_id))
    hub.publish_to_user(user_id, ConversationRemoved(conversation_id=str(conversation_id), reason=reason))


def request_updated(conversation_id: ObjectId, user_id: UserId, state: RequestState) -> None:
    """A message request came, or was answered: for the devices of who is asked."""
    hub.publish_to_user(user_id, RequestUpdated(conversation_id=str(conversation_id), state=state))


def draft_changed(conversation_id: ObjectId, user_id: UserId, draft: SeatDraft) -> None:
    """Somebody has begun to write, or is done: for their own devices."""
    event = DraftChanged(
        conversation_id=str(conversation_id),
        text=draft.text,
        reply_to=None if draft.reply_to is None else str(draft.reply_to),
        updated_at=iso(draft.updated_at),
    )
    hub.publish_to_user(user_id, event)


def membership_changed(membership: Membership, last_seq: int) -> None:
    """How a person has a conversation in their list is different: for their own devices."""
    here = membership.conversation_id
    event = MembershipChanged(conversation_id=str(here), membership=membership_data(membership, last_seq))
    hub.publish_to_user(UserId(membership.user_id), event)


def scheduled_changed(conversation_id: ObjectId, user_id: UserId, count: int) -> None:
    """Something about messages that wait for their time: for the devices of whose they are."""
    hub.publish_to_user(user_id, ScheduledChanged(conversation_id=str(conversation_id), count=count))


def message_saved(conversation_id: ObjectId, message_id: ObjectId, user_id: UserId, *, on: bool) -> None:
    """Somebody keeps a message at hand, or no longer: for their own devices."""
    event = MessageSaved(conversation_id=str(conversation_id), message_id=str(message_id), on=on)
    hub.publish_to_user(user_id, event)


def receipts_moved(
    opened: Mapping[tuple[ObjectId, frozenset[UserId]], Sequence[ReceiptUpdated]],
    private: Mapping[UserId, Sequence[ReceiptUpdated]],
) -> None:
    """Receipts of one flush: a frame for each conversation, without the people who must not hear of it; and for each
    person in private mode a frame for their own devices."""
    told = [
        _moved(conversation_topic(here), events, skip=frozenset(deaf), receipts=True)
        for (here, deaf), events in opened.items()
    ]
    told += [_moved(user_topic(one), events) for one, events in private.items()]
    hub.hub.publish(*told)


def _moved(topic: str, events: Sequence[ReceiptUpdated], **whom: Any) -> Publication:
    text = encode(events[0]) if len(events) == 1 else msgspec.json.encode(events).decode()
    return Publication(topic, text, "receipt.updated", sent=Sent(size_of(text)), **whom)


def _draw_created(text: str) -> str:
    """The event with the message drawn, for browsers."""
    event = msgspec.json.decode(text, type=MessageCreated)
    return encode(msgspec.structs.replace(event, html=presentation.draw_data([event.message])[0]))


def _draw_changed(text: str) -> str:
    event = msgspec.json.decode(text, type=MessageChanged)
    return encode(msgspec.structs.replace(event, html=presentation.draw_data([event.message])[0]))


hub.draws("message.created", _draw_created)
hub.draws("message.changed", _draw_changed)
