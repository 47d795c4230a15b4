"""Threads: what is said under one message, beside the conversation. Its replies are messages of the same log."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from chatsite.errors import Conflict, NotFound
from chatsite.types import ObjectId, UserId
from messaging.repositories import messages, threads

log = logging.getLogger(__name__)


def place(me: UserId, here: ObjectId, client_id: str, message_id: ObjectId) -> ObjectId:
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


def mend(since: datetime) -> int:
    """Counts the threads anew that have grown since a moment: a process that died may have left some behind. Returns
    how many."""
    done = 0
    for here, root in threads.lagging(since):
        threads.bring_up(here, root, anew=True)
        done += 1
    return done
