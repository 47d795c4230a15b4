"""What a message answers: another one that it quotes, or the thread it is said in."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from chatsite.errors import Conflict, NotFound
from chatsite.types import ObjectId, UserId
from messaging.documents import Message, Thread
from messaging.repositories import messages
from messaging.repositories.threads import NOTHING, faces


def answered(here: ObjectId, message_id: ObjectId) -> ObjectId:
    """The message that is quoted, in conversation `here`. Raises NotFound."""
    found = messages.by_id(message_id)
    if found is None or found.conversation_id != here:
        raise NotFound(_("The message you answer is not in this conversation."))
    return message_id


def thread(me: UserId, here: ObjectId, client_id: str, message_id: ObjectId) -> ObjectId:
    """The message under which this one is said, in conversation `here`: a reply stands for the thread it is in.

    Raises NotFound, and Conflict where that message was deleted, unless this one was stored before.
    """
    found = messages.by_id(message_id)
    if found is not None and found.thread_id is not None:
        found = messages.by_id(found.thread_id)
    if found is None or found.conversation_id != here:
        raise NotFound(_("The message this thread begins with is not in this conversation."))
    if found.deleted_at is not None and messages.by_client_id(here, me, client_id) is None:
        raise Conflict(_("The message this thread begins with was deleted."))
    return found.id


def counted(stretch: list[Message]) -> list[Message]:
    """A stretch of a log, or the whole end of a thread, in which each root knows of the replies that are there: those
    of the last moment are not counted in what is stored. Nothing is asked."""
    replies: dict[ObjectId, list[Message]] = {}
    for one in stretch:
        if one.thread_id is not None:
            replies.setdefault(one.thread_id, []).append(one)
    return [_grown(one, replies[one.id]) if one.id in replies else one for one in stretch] if replies else stretch


def _grown(root: Message, replies: Sequence[Message]) -> Message:
    known = root.thread or NOTHING
    fresh = [one for one in replies if one.seq > known.seq]
    there = [one for one in reversed(fresh) if one.deleted_at is None]
    if not fresh:
        return root
    grown = Thread(
        count=known.count + len(there),
        seq=fresh[-1].seq,
        rev=known.rev,
        last_at=there[0].created_at if there else known.last_at,
        user_ids=faces([*(one.sender_id for one in there), *known.user_ids]),
    )
    return msgspec.structs.replace(root, thread=grown)
