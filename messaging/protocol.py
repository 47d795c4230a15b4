"""Frames about conversations and messages, in both directions (PROTOCOL.md, "The socket")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from chatsite.clock import iso, now
from chatsite.realtime.protocol import Command, Event, Hello, Hex, Ping, Place
from chatsite.types import ObjectId
from messaging.documents import (
    FILES_MAX,
    FOREVER,
    Attachment,
    Change,
    Conversation,
    Level,
    Membership,
    Message,
    Preview,
    Reaction,
    Receipt,
    Scheduled,
    ScheduledState,
    SeatDraft,
    Thread,
)

SYNC_MAX = 500  # messages or changes that a returning client is sent; further behind it starts over
SYNC_PAGE = 100  # messages in one sync.batch

RequestState = Literal["waiting", "accepted", "declined"]

# From clients


class MessageSend(Command, frozen=True, kw_only=True, tag="message.send"):
    client_id: UUID
    conversation_id: Hex
    content: str
    reply_to: Hex | None = None
    thread_id: Hex | None = None
    attachments: Annotated[list[Hex], Meta(max_length=FILES_MAX)] = []


class MessageEdit(Command, frozen=True, kw_only=True, tag="message.edit"):
    op_id: UUID
    message_id: Hex
    content: str


class MessageDelete(Command, frozen=True, kw_only=True, tag="message.delete"):
    op_id: UUID
    message_id: Hex


class ReactionSet(Command, frozen=True, kw_only=True, tag="reaction.set"):
    op_id: UUID
    message_id: Hex
    emoji: str
    on: bool


class MessagePin(Command, frozen=True, kw_only=True, tag="message.pin"):
    op_id: UUID
    message_id: Hex
    on: bool


class MessageHide(Command, frozen=True, kw_only=True, tag="message.hide"):
    """Delete a message for oneself only, or take that back."""

    op_id: UUID
    message_id: Hex
    on: bool


class ReceiptDelivered(Command, frozen=True, kw_only=True, tag="receipt.delivered"):
    conversation_id: Hex
    seq: Place


class ReceiptRead(Command, frozen=True, kw_only=True, tag="receipt.read"):
    conversation_id: Hex
    seq: Place


class Typing(Command, frozen=True, kw_only=True, tag="typing"):
    conversation_id: Hex
    on: bool


class Sync(Command, frozen=True, kw_only=True, tag="sync"):
    conversation_id: Hex
    after_seq: Place
    after_rev: Place
    limit: Annotated[int, Meta(ge=1, le=200)] = SYNC_PAGE


Amendment = MessageEdit | MessageDelete | ReactionSet | MessagePin
Inbound = Hello | Ping | MessageSend | Amendment | MessageHide | ReceiptDelivered | ReceiptRead | Typing | Sync

# Documents as clients see them


class ThreadData(msgspec.Struct, frozen=True, kw_only=True):
    """What is known at a message of the thread it begins: how many replies, the time of the latest, and who wrote the
    latest, newest first.

    It may lag, and no event tells that it grew: replies are messages. `count` goes up to `seq` and has taken in the
    deletions up to `rev`. A client adds each `message.created` of this thread beyond `seq`, and takes off each
    `message.changed` beyond `rev` that deletes a reply up to `seq`.
    """

    count: int
    seq: int
    rev: int
    last_at: str | None
    user_ids: list[str]


class ForwardedData(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote a message that was passed on, by id; where they did is not told."""

    author_id: str


class PreviewPictureData(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of ours, not of the page. Size in pixels."""

    url: str
    width: int
    height: int


class PreviewData(msgspec.Struct, frozen=True, kw_only=True):
    """What a link in a message leads to: the address as it was written, and what the page said of itself."""

    id: str
    url: str
    title: str
    description: str
    site: str
    picture: PreviewPictureData | None


class MessageData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as data: ids as hex, times as ISO 8601 in UTC with milliseconds.

    What few messages have is left out of all others: each goes out to everybody. `thread_id` is the message that begins
    the thread it is in; `thread` is there where it begins one itself. `previews` come by a change. `hidden`: its reader
    has deleted it for themself, and it is empty but for its place."""

    id: str
    seq: int
    conversation_id: str
    client_id: str
    sender_id: str
    content: str
    attachments: list[dict[str, Any]]
    reply_to: str | None
    mentions: list[str]
    created_at: str
    updated_at: str
    delivered_to: list[dict[str, str]]
    read_by: list[dict[str, str]]
    reactions: list[dict[str, Any]]
    edited_at: str | None
    deleted_at: str | None
    pinned_at: str | None
    thread_id: str | None = None
    thread: ThreadData | None = None
    forwarded: ForwardedData | None = None
    previews: list[PreviewData] = []
    hidden: bool = False


class ScheduledData(msgspec.Struct, frozen=True, kw_only=True):
    """A message that waits for its time. `problem` says in words why it "failed"."""

    id: str
    conversation_id: str
    client_id: str
    content: str
    reply_to: str | None
    attachments: list[dict[str, Any]]
    due_at: str
    state: ScheduledState
    problem: str | None
    created_at: str
    updated_at: str


class DraftData(msgspec.Struct, frozen=True, kw_only=True):
    """What its reader has begun to write; no text and no time where there is nothing."""

    text: str
    reply_to: str | None
    updated_at: str | None


class MembershipData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`request` is `waiting` while the conversation is a message request to its viewer, and absent else; so is `draft`
    where nothing is begun. `scheduled` is how many messages of the viewer's wait here for their time.

    `muted` without `muted_until` lasts until it is taken back. `level` is what the viewer is told of. What is false,
    null or "all" is absent.
    """

    role: str
    delivered_seq: int
    read_seq: int
    joined_seq: int
    joined_at: str
    request: Literal["waiting"] | msgspec.UnsetType = msgspec.UNSET
    draft: DraftData | msgspec.UnsetType = msgspec.UNSET
    scheduled: int | msgspec.UnsetType = msgspec.UNSET
    muted: bool = False
    muted_until: str | None = None
    pinned: bool = False
    archived: bool = False
    marked_unread: bool = False
    level: Level = "all"


class ConversationData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The plan's fields of a conversation. `unread` and `membership` are the viewer's own, where there is one. A group
    has a `description` and a picture where it was given one; `public` says that anyone may join it."""

    id: str
    type: str
    participants: list[str]
    name: str | None
    created_by: str
    created_at: str
    updated_at: str
    last_message_at: str | None
    last_message_preview: str | None
    is_active: bool
    last_seq: int
    last_rev: int
    description: str | None = None
    avatar_url: str | None = None
    public: bool = False
    unread: int | msgspec.UnsetType = msgspec.UNSET
    membership: MembershipData | msgspec.UnsetType = msgspec.UNSET


class ChangeData(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the log of changes. Where it changed a message, `message` is that message as it now is.

    What an edited message said before is not in `details`: it is asked for where it may be seen. `at_seq`: the message
    after which it is told, where it changed the conversation.
    """

    rev: int
    kind: str
    actor_id: str
    message_id: str | None
    details: dict[str, Any]
    created_at: str
    message: MessageData | None = None
    html: str | None = None
    at_seq: int | None = None


# To clients


class MessageCreated(Event, frozen=True, kw_only=True, tag="message.created"):
    placed: ClassVar[bool] = True

    conversation_id: str
    seq: int
    message: MessageData
    html: str | None = None


class MessageChanged(Event, frozen=True, kw_only=True, tag="message.changed"):
    """An edit, a deletion, a reaction, a pin, or previews of its links: the message as it now is."""

    placed: ClassVar[bool] = True

    conversation_id: str
    rev: int
    kind: str
    message: MessageData
    html: str | None = None


class MessageHidden(Event, frozen=True, kw_only=True, tag="message.hidden"):
    """To all devices of who deleted a message for themself only, or took that back: then they fetch it again. Others
    hear of nothing. It is no entry of a log: what was missed is in `hidden` of every message that is fetched."""

    conversation_id: str
    message_id: str
    seq: int
    on: bool


class Ack(Event, frozen=True, kw_only=True, tag="ack"):
    """The write holds. `client_id` names a message that was sent, `op_id` a change to one, which has a `rev`
    unless it is for oneself only."""

    message_id: str
    conversation_id: str
    seq: int
    created_at: str
    client_id: str | None = None
    op_id: str | None = None
    rev: int | None = None


class ConversationChanged(Event, frozen=True, kw_only=True, tag="conversation.changed"):
    placed: ClassVar[bool] = True

    conversation_id: str
    rev: int
    kind: str
    conversation: ConversationData


class ConversationRemoved(Event, frozen=True, kw_only=True, tag="conversation.removed"):
    """No event of it comes from here on. `reason`: `left`, `removed`, `not_found`; `declined` and `blocked` where the
    person put it away themself."""

    conversation_id: str
    reason: str


class RequestUpdated(Event, frozen=True, kw_only=True, tag="request.updated"):
    """To all devices of who is asked: a stranger's first message is `waiting` for a yes, was `accepted` or `declined`.

    Messages of a waiting request come as all do; it counts among requests, not among what is unread. Until the yes its
    sender hears neither of receipts nor of presence or typing. They are never told of a no.
    """

    conversation_id: str
    state: RequestState


class MessageSaved(Event, frozen=True, kw_only=True, tag="message.saved"):
    """To all devices of who keeps a message at hand (`on`), or does so no more."""

    conversation_id: str
    message_id: str
    on: bool


class ScheduledChanged(Event, frozen=True, kw_only=True, tag="scheduled.changed", omit_defaults=False):
    """To all devices of who scheduled: something about their messages that wait for their time in a conversation is
    different; `count` of them are there now, those that failed among them."""

    conversation_id: str
    count: int


class DraftChanged(Event, frozen=True, kw_only=True, tag="draft.changed", omit_defaults=False):
    """To all devices of who writes: what they have begun in a conversation, now; an empty text where that is nothing
    any more. The last one who wrote wins."""

    conversation_id: str
    text: str
    reply_to: str | None
    updated_at: str


class MembershipChanged(Event, frozen=True, kw_only=True, tag="membership.changed"):
    """To all devices of one person: how they have this conversation in their list, muted, pinned, archived or marked
    unread, is different now."""

    conversation_id: str
    membership: MembershipData


class BlockChanged(Event, frozen=True, kw_only=True, tag="block.changed"):
    """To all devices of who blocks: what `user_id` says in groups is folded away (`on`), or no more. The blocked person
    hears of nothing."""

    user_id: str
    on: bool


class ReceiptUpdated(Event, frozen=True, kw_only=True, tag="receipt.updated"):
    """Everything up to `seq` was delivered to, or read by, this person."""

    conversation_id: str
    user_id: str
    kind: Literal["delivered", "read"]
    seq: int
    at: str


class TypingSeen(Event, frozen=True, kw_only=True, tag="typing"):
    conversation_id: str
    user_id: str
    on: bool


class SyncBatch(Event, frozen=True, kw_only=True, tag="sync.batch", omit_defaults=False):
    """What was missed, in order; `seq` and `rev` are where the client then stands, `more` asks it to go on."""

    placed: ClassVar[bool] = True

    conversation_id: str
    messages: list[MessageData]
    changes: list[ChangeData]
    seq: int
    rev: int
    more: bool
    html: list[str] | msgspec.UnsetType = msgspec.UNSET


class SyncReset(Event, frozen=True, kw_only=True, tag="sync.reset", omit_defaults=False):
    """Fetch the last page again; `conversation_id` null: everything."""

    conversation_id: str | None
    reason: str


def message_data(message: Message) -> MessageData:
    """On the path of every page and event: a list that is empty, and a moment that is the same, are not made anew."""
    created = iso(message.created_at)
    return MessageData(
        id=str(message.id),
        seq=message.seq,
        conversation_id=str(message.conversation_id),
        client_id=message.client_id,
        sender_id=message.sender_id,
        content=message.content,
        attachments=[_attachment(one) for one in message.attachments] if message.attachments else [],
        reply_to=None if message.reply_to is None else str(message.reply_to),
        mentions=message.mentions,
        created_at=created,
        updated_at=created if message.updated_at == message.created_at else iso(message.updated_at),
        delivered_to=receipts_data(message.delivered_to),
        read_by=receipts_data(message.read_by),
        reactions=[_reaction(one) for one in message.reactions] if message.reactions else [],
        edited_at=None if message.edited_at is None else iso(message.edited_at),
        deleted_at=None if message.deleted_at is None else iso(message.deleted_at),
        pinned_at=None if message.pinned_at is None else iso(message.pinned_at),
        thread_id=None if message.thread_id is None else str(message.thread_id),
        thread=None if message.thread is None else _thread(message.thread),
        forwarded=None if message.forwarded is None else ForwardedData(author_id=message.forwarded.author_id),
        previews=[_preview(one) for one in message.previews] if message.previews else [],
        hidden=bool(message.hidden_for),
    )


def receipts_data(receipts: list[Receipt]) -> list[dict[str, str]]:
    return [{"user_id": one.user_id, "timestamp": iso(one.timestamp)} for one in receipts]


def conversation_data(
    conversation: Conversation, membership: Membership | None = None, unread: int | None = None
) -> ConversationData:
    """A conversation for one viewer, or for all of its members when there is no membership given."""
    last = conversation.last_message_at
    return ConversationData(
        id=str(conversation.id),
        type=conversation.type,
        participants=list(conversation.participants),
        name=conversation.name,
        created_by=conversation.created_by,
        created_at=iso(conversation.created_at),
        updated_at=iso(conversation.updated_at),
        last_message_at=None if last is None else iso(last),
        last_message_preview=conversation.last_message_preview,
        is_active=conversation.is_active,
        last_seq=conversation.last_seq,
        last_rev=conversation.last_rev,
        description=conversation.description,
        avatar_url=conversation.avatar_url,
        public=bool(conversation.public),
        unread=msgspec.UNSET if unread is None else unread,
        membership=msgspec.UNSET if membership is None else membership_data(membership, conversation.last_seq),
    )


def membership_data(membership: Membership, last_seq: int = 0) -> MembershipData:
    """A seat for who sits in it; `last_seq` is how far the log goes."""
    moment = now()
    muted = membership.muted(moment)
    until = membership.muted_until if muted and membership.muted_until != FOREVER else None
    return MembershipData(
        role=membership.role,
        delivered_seq=membership.delivered_seq,
        read_seq=membership.read_seq,
        joined_seq=membership.joined_seq,
        joined_at=iso(membership.joined_at),
        request="waiting" if membership.request == "waiting" else msgspec.UNSET,
        draft=msgspec.UNSET if membership.draft is None else draft_data(membership.draft),
        scheduled=membership.scheduled or msgspec.UNSET,
        muted=muted,
        muted_until=None if until is None else iso(until),
        pinned=membership.pinned_at is not None,
        archived=membership.archived(last_seq, moment),
        marked_unread=bool(membership.marked_unread),
        level=membership.level or "all",
    )


def scheduled_data(one: Scheduled, files: Mapping[ObjectId, Attachment]) -> ScheduledData:
    """`files` are those that go with it, and maybe others."""
    return ScheduledData(
        id=str(one.id),
        conversation_id=str(one.conversation_id),
        client_id=one.client_id,
        content=one.content,
        reply_to=None if one.reply_to is None else str(one.reply_to),
        attachments=[_attachment(files[file]) for file in one.files if file in files],
        due_at=iso(one.due_at),
        state=one.state,
        problem=one.problem,
        created_at=iso(one.created_at),
        updated_at=iso(one.updated_at),
    )


def draft_data(draft: SeatDraft | None) -> DraftData:
    if draft is None:
        return DraftData(text="", reply_to=None, updated_at=None)
    reply_to = None if draft.reply_to is None else str(draft.reply_to)
    return DraftData(text=draft.text, reply_to=reply_to, updated_at=iso(draft.updated_at))


def change_data(change: Change, message: Message | None = None, html: str | None = None) -> ChangeData:
    return ChangeData(
        rev=change.rev,
        kind=change.kind,
        actor_id=change.actor_id,
        message_id=None if change.message_id is None else str(change.message_id),
        details={} if change.kind == "edited" else change.details,
        created_at=iso(change.created_at),
        message=None if message is None else message_data(message),
        html=html,
        at_seq=change.at_seq,
    )


def _attachment(one: Attachment) -> dict[str, Any]:
    """The plan's fields; of a picture, as MongoDB has it, also how large it is and what stands in its place."""
    known = {"id": str(one.id), "type": one.type, "url": one.url, "name": one.name, "size": one.size}
    shown = {"width": one.width, "height": one.height, "blur": one.blur}
    return known | shown if one.width else known


def _thread(one: Thread) -> ThreadData:
    last = None if one.last_at is None else iso(one.last_at)
    return ThreadData(count=one.count, seq=one.seq, rev=one.rev, last_at=last, user_ids=list(one.user_ids))


def _preview(one: Preview) -> PreviewData:
    shown = None
    if one.picture is not None:
        address = f"/previews/{one.picture.key}.webp"
        shown = PreviewPictureData(url=address, width=one.picture.width, height=one.picture.height)
    return PreviewData(
        id=str(one.id), url=one.url, title=one.title, description=one.description, site=one.site, picture=shown
    )


def _reaction(one: Reaction) -> dict[str, Any]:
    return {"emoji": one.emoji, "user_ids": list(one.user_ids)}
