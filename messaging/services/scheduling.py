"""Messages that go out later, as their sender, once: the log knows the `client_id` they got when they were scheduled.

Whoever sends one claims it, so that nobody changes it under way. Who dies before the log has it leaves it to the next
one; who dies after that, too: the log then answers with what it has. Rights are those of the moment it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.services import settings, tokens
from chatsite.clock import now
from chatsite.errors import ChatError, Conflict, Forbidden, Invalid, NotFound, TooFast, TooLarge, Unavailable
from chatsite.types import ObjectId, UserId, object_id
from messaging import access, broadcasts, signals
from messaging.documents import Attachment, Scheduled
from messaging.repositories import messages as stored
from messaging.repositories import scheduled, uploads
from messaging.services import attachments, messages
from messaging.services.messages import Sent

log = logging.getLogger(__name__)
MOST = 100  # of one person
FAR = timedelta(days=366)
ABANDONED_AFTER = timedelta(minutes=1)  # a send takes 15 seconds at most
PROBLEM_MAX = 500  # characters
LATER = (Unavailable, TooFast)
"""Refusals that say nothing about the message."""


def schedule(
    me: UserId,
    conversation_id: ObjectId | str,
    client_id: str | UUID,
    content: str,
    due_at: datetime,
    reply_to: ObjectId | str | None = None,
    files: Sequence[ObjectId | str] = (),
) -> Scheduled:
    """Keeps a message for a time to come. Repeated with the same `client_id`, it is the same one.

    Raises as `messages.send`, and TooLarge for too many.
    """
    seat = access.conversation(me, conversation_id)
    here, due = seat.conversation.id, check_due(due_at)
    access.check_contact(me, seat.partner, here)
    if scheduled.count(me) >= MOST:
        raise TooLarge(_("You may have at most %(most)d messages scheduled.") % {"most": MOST})
    wanted = messages.draft(me, here, client_id, content, reply_to, files)
    moment = now()
    fresh = Scheduled(
        id=ObjectId(),
        user_id=me,
        conversation_id=here,
        client_id=wanted.client_id,
        content=wanted.content,
        reply_to=wanted.reply_to,
        files=[one.id for one in wanted.attachments],
        due_at=due,
        created_at=moment,
        updated_at=moment,
    )
    kept = scheduled.insert(fresh)
    _tell(me, here)
    return kept


def check_due(due_at: datetime) -> datetime:
    """To the minute, as people choose it. Raises Invalid for what is past, and for what is too far off."""
    due, moment = due_at.replace(second=0, microsecond=0), now()
    if due <= moment:
        words = _("This time is past. Choose a later one.")
    elif due > moment + FAR:
        words = _("Choose a time within a year.")
    else:
        return due
    raise Invalid(words, fields={"due_at": [words]})


def mine(me: UserId) -> list[Scheduled]:
    """Soonest first; those that failed are among them."""
    return scheduled.of_person(me)


def one(me: UserId, scheduled_id: ObjectId | str) -> Scheduled:
    """Raises NotFound."""
    found = scheduled.one(me, object_id(scheduled_id))
    if found is None:
        raise NotFound(_("There is no such message, or it was sent."))
    return found


def files_of(found: Iterable[Scheduled]) -> dict[ObjectId, Attachment]:
    """The files that go with these, by id; what is gone is left out."""
    known = uploads.by_ids([file for one in found for file in one.files])
    return {one: attachments.attachment(file) for one, file in known.items() if file.state != "doomed"}


def change(
    me: UserId, scheduled_id: ObjectId | str, content: str | None = None, due_at: datetime | None = None
) -> Scheduled:
    """Other words, or another time; one that failed waits again. Raises NotFound, Invalid, TooLarge, and Conflict while
    it is being sent."""
    found = one(me, scheduled_id)
    fields: dict[str, Any] = {"due_at": check_due(found.due_at if due_at is None else due_at)}
    if content is not None:
        fields["content"] = messages.check_content(content, alone=not found.files)
    after = scheduled.change(me, found.id, fields)
    if after is None:
        raise Conflict(_("This message is being sent."))
    _tell(me, found.conversation_id)
    return after


def cancel(me: UserId, scheduled_id: ObjectId | str) -> Scheduled:
    """Does not send it after all, and returns what it was. Raises NotFound, and Conflict while it is being sent."""
    found = one(me, scheduled_id)
    if scheduled.remove(me, found.id) is None:
        raise Conflict(_("This message is being sent."))
    _let_go(found)
    _tell(me, found.conversation_id)
    return found


def send_now(me: UserId, scheduled_id: ObjectId | str) -> Sent:
    """Does not wait. Raises NotFound, Conflict while it is being sent, and what `messages.send` raises."""
    found = one(me, scheduled_id)
    claimed = scheduled.claim(me, found.id)
    if claimed is None:
        raise Conflict(_("This message is being sent."))
    try:
        return _send(claimed)
    except LATER:
        scheduled.fail(claimed, _("The server was not able to. Try again."))
        raise


def send_due() -> int:
    """Sends all whose time has come. What the databases do not let through now is tried again a minute later. Returns
    how many were sent."""
    sent = 0
    while claimed := _next():
        try:
            _send(claimed)
            sent += 1
        except LATER as away:
            log.warning("a scheduled message has to wait: %s", away.detail)
        except ChatError as refusal:
            log.info("a scheduled message was refused: %s", refusal.code)
        except Exception:
            log.exception("a scheduled message could not be sent; it is tried again")
    return sent


def _next() -> Scheduled | None:
    moment = now()
    return scheduled.claim_due(moment, moment - ABANDONED_AFTER)


def forget(me: UserId) -> None:
    """They are about to be deleted, and so is what they have not said."""
    for gone in scheduled.remove_all(me):
        _let_go(gone)


def _send(claimed: Scheduled) -> Sent:
    me, here = UserId(claimed.user_id), claimed.conversation_id
    try:
        sent = _sent(me, claimed)
    except LATER:
        raise
    except ChatError as refusal:
        earlier = stored.by_client_id(here, me, claimed.client_id)  # sent before whoever sent it died
        if earlier is None:
            _fail(claimed, _worded(me, refusal)[:PROBLEM_MAX])
            raise
        sent = Sent(earlier, created=False)
    scheduled.finish(claimed)
    _tell(me, here)
    return sent


def _fail(claimed: Scheduled, problem: str) -> None:
    scheduled.fail(claimed, problem)
    _tell(UserId(claimed.user_id), claimed.conversation_id)
    failed = msgspec.structs.replace(claimed, state="failed", problem=problem)
    signals.scheduled_failed.send_robust(sender=Scheduled, scheduled=failed)


def _sent(me: UserId, claimed: Scheduled) -> Sent:
    if not tokens.stands(tokens.Pass(me, None)):
        raise Forbidden(_("Your account was closed at that time."))
    what = (claimed.client_id, claimed.content, claimed.reply_to, claimed.files)
    return messages.send(me, claimed.conversation_id, *what)


def _worded(me: UserId, refusal: ChatError) -> str:
    """In the language of whoever scheduled it, as far as we know it."""
    if isinstance(refusal, NotFound):
        chosen = settings.read(me)["language"]
        with translation.override(translation.get_language() if chosen == settings.AUTOMATIC else chosen):
            return _("You are no longer in this conversation, or it is gone, or what you answered is.")
    return refusal.detail


def _let_go(gone: Scheduled) -> None:
    if gone.files:
        uploads.doom(gone.files)
        attachments.removed(gone.files)


def _tell(me: UserId, here: ObjectId) -> None:
    broadcasts.scheduled_changed(here, me, scheduled.note(me, here))
