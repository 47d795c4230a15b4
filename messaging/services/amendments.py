"""What happens to a message after it was sent: edits, deletion, reactions, pins. Each is an entry of the second log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.clock import now
from chatsite.errors import Conflict, Forbidden, Invalid
from chatsite.mongo.codec import to_bson
from chatsite.types import ObjectId, UserId
from messaging import access, broadcasts
from messaging.documents import Change, Message, MessageKind, Reaction
from messaging.repositories import changes, conversations, uploads
from messaging.repositories.changes import Effect
from messaging.services import attachments, discretion, mentions, previews
from messaging.services.messages import canonical, check_content

EMOJI_MAX = 64  # characters: a family of four with skin tones has 25
EMOJIS_MAX = 50  # different ones on a message

Update = Callable[[Message], dict[str, Any]]


@dataclass(frozen=True)
class Amended:
    """The entry in the log of changes, and the message as it now is."""

    change: Change
    message: Message


@dataclass(frozen=True)
class Version:
    """What a message said from a moment on."""

    content: str
    at: datetime


def edit(me: UserId, message_id: ObjectId | str, op_id: str | UUID, content: str) -> Amended:
    """Puts other words into one's own message. Raises NotFound, Forbidden, Invalid, TooLarge, Conflict."""
    message = access.message(me, message_id)
    words = check_content(content, alone=not message.attachments)
    if message.sender_id != me:
        raise Forbidden(_("Only who wrote a message may edit it."))
    meant = list(mentions.of(message.conversation_id, words))

    def update(found: Message) -> dict[str, Any]:
        _check_there(found)
        _check_time(found)
        moment = now()
        wanted = previews.carried(found, words)
        said = {"content": words, "mentions": meant, "edited_at": moment, "updated_at": moment}
        return {**wanted, "$set": {**wanted.get("$set", {}), **said}}

    done = _amend(me, message, "edited", op_id, {"before": message.content, "content": words}, update)
    previews.asker.add([done.message])
    return done


def delete(me: UserId, message_id: ObjectId | str, op_id: str | UUID) -> Amended:
    """Takes a message back, for everyone: its place in the log stays. The sender may, and who runs the group.

    Raises NotFound, Forbidden, Conflict.
    """
    message = access.message(me, message_id)
    if message.sender_id != me and not _runs(me, message):
        raise Forbidden(_("Only who wrote a message may delete it."))

    def update(found: Message) -> dict[str, Any]:
        moment = now()
        gone: dict[str, Any] = {"content": "", "attachments": [], "mentions": [], "reactions": []}
        return {
            "$set": {**gone, "deleted_at": moment, "updated_at": moment},
            "$unset": {"pinned_at": "", "previews": ""},
        }

    files = attachments.of(message)
    done = _amend(me, message, "deleted", op_id, {}, update, partial(uploads.doom, files) if files else None)
    attachments.removed(files)
    return done


def react(me: UserId, message_id: ObjectId | str, op_id: str | UUID, emoji: str, on: bool) -> Amended:
    """Sets or takes back one's reaction. Raises NotFound, Invalid, Conflict."""
    message, sign = access.message(me, message_id), _check_emoji(emoji)

    def update(found: Message) -> dict[str, Any]:
        _check_there(found)
        reactions = [to_bson(one) for one in reacted(found.reactions, me, sign, on)]
        if len(reactions) > EMOJIS_MAX:
            raise Invalid(_("There are enough different reactions on this message."))
        return {"$set": {"reactions": reactions, "updated_at": now()}}

    return _amend(me, message, "reaction", op_id, {"emoji": sign, "on": on}, update)


def pin(me: UserId, message_id: ObjectId | str, op_id: str | UUID, on: bool) -> Amended:
    """Keeps a message at hand for everyone in the conversation, or lets it go. Raises NotFound, Conflict."""
    message = access.message(me, message_id)

    def update(found: Message) -> dict[str, Any]:
        _check_there(found)
        moment = now()
        if on:
            return {"$set": {"pinned_at": moment, "updated_at": moment}}
        return {"$set": {"updated_at": moment}, "$unset": {"pinned_at": ""}}

    return _amend(me, message, "pinned", op_id, {"on": on}, update)


def leave_links_plain(me: UserId, message_id: ObjectId | str) -> Message:
    """Takes the previews off one's own message; it gets none again. Raises NotFound, Forbidden, Conflict."""
    message = access.message(me, message_id)
    if message.sender_id != me:
        raise Forbidden(_("Only who wrote a message may take its previews off."))
    if message.plain_links:
        return message

    def update(found: Message) -> dict[str, Any]:
        _check_there(found)
        return {"$set": {"plain_links": True, "updated_at": now()}, "$unset": {"previews": ""}}

    return _amend(me, message, "previewed", uuid4(), {"urls": []}, update).message


def history(me: UserId, message_id: ObjectId | str) -> list[Version]:
    """What a message said from when on, oldest first. Raises NotFound, and Conflict for a deleted one."""
    message = access.message(me, message_id)
    _check_there(message)
    edits = changes.edits(message.id)
    first = edits[0].details["before"] if edits else message.content
    return [Version(first, message.created_at), *(Version(one.details["content"], one.created_at) for one in edits)]


def reacted(reactions: list[Reaction], me: UserId, emoji: str, on: bool) -> list[Reaction]:
    """The reactions with mine set or taken back; an emoji that nobody holds any more goes."""
    rest = [one if one.emoji != emoji else _without(one, me) for one in reactions]
    if on:
        known = next((place for place, one in enumerate(rest) if one.emoji == emoji), None)
        if known is None:
            rest.append(Reaction(emoji=emoji, user_ids=[me]))
        else:
            rest[known] = msgspec.structs.replace(rest[known], user_ids=[*rest[known].user_ids, me])
    return [one for one in rest if one.user_ids]


def _without(reaction: Reaction, me: UserId) -> Reaction:
    return msgspec.structs.replace(reaction, user_ids=[one for one in reaction.user_ids if one != me])


def _amend(
    me: UserId,
    message: Message,
    kind: MessageKind,
    op_id: str | UUID,
    details: dict[str, Any],
    update: Update,
    besides: Effect | None = None,
) -> Amended:
    """Applies it once: the same `op_id` again gets the same answer, and another content under it is a conflict."""
    op = canonical(op_id)
    earlier = changes.by_op_id(message.conversation_id, me, op)
    if earlier is None:
        change, after = changes.amend(message, kind, me, op, details, update, besides)
    else:
        change, after = earlier, message
    if (change.kind, change.message_id, _said(change.details)) != (kind, message.id, _said(details)):
        raise Conflict(_("This operation was used for something else."))
    if earlier is None:
        broadcasts.message_changed(discretion.for_everyone(after), change)
    return Amended(change, after)


def _said(details: dict[str, Any]) -> dict[str, Any]:
    """What was asked for: a repeat finds another text before it, its own."""
    return {name: value for name, value in details.items() if name != "before"}


def _runs(me: UserId, message: Message) -> bool:
    seat = conversations.seat(message.conversation_id, me)
    return seat is not None and seat.role in ("owner", "admin")


def _check_there(message: Message) -> None:
    if message.deleted_at is not None:
        raise Conflict(_("This message was deleted."))


def _check_time(message: Message) -> None:
    """Raises Conflict where a limit is set and over. In hours; 0: none."""
    hours = settings.EDIT_HOURS
    if hours and now() - message.created_at > timedelta(hours=hours):
        words = ngettext(
            "This message is older than %(count)d hour, and can no longer be edited.",
            "This message is older than %(count)d hours, and can no longer be edited.",
            hours,
        )
        raise Conflict(words % {"count": hours})


def _check_emoji(emoji: str) -> str:
    if not 0 < len(emoji) <= EMOJI_MAX or emoji.isascii() or any(one.isspace() for one in emoji):
        words = _("Not an emoji.")
        raise Invalid(words, fields={"emoji": [words]})
    return emoji
