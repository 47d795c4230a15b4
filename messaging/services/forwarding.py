"""Passing on what somebody said: as one's own message, with the author's name and without where it was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from chatsite.errors import ChatError, Conflict, Invalid, TooLarge
from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.access import Seat
from messaging.documents import Forwarded, Message
from messaging.repositories import messages as log
from messaging.repositories.drafts import Draft
from messaging.services import attachments, conversations, messages, pace, requests
from messaging.services.messages import Sent, canonical

MOST = 20  # conversations at once


@dataclass(frozen=True)
class Outcome:
    """What became of it in one place: `target` is the id of the conversation or person that was asked for."""

    target: str
    sent: Sent | None = None
    refusal: ChatError | None = None


def forward(
    me: UserId,
    message_id: ObjectId | str,
    client_id: str | UUID,
    places: Sequence[ObjectId | str] = (),
    people: Sequence[UserId | str | UUID] = (),
) -> list[Outcome]:
    """Sends a message of others, or one's own, to conversations and to people, as far as one may write to each. The
    same `client_id` again gives the same messages. Whom it names is not told.

    Raises NotFound, Conflict for a deleted one, Invalid for no place, and TooLarge for too many.
    """
    original, key = messages.one(me, message_id), canonical(client_id)
    if original.deleted_at is not None:
        raise Conflict(_("This message was deleted."))
    if not places and not people:
        raise Invalid(_("Choose at least one conversation."), fields={"conversation_ids": [_("Choose at least one.")]})
    if len(places) + len(people) > MOST:
        raise TooLarge(_("Forward to at most %(most)d conversations at once.") % {"most": MOST})
    return [_attempt(me, original, key, one) for one in _targets(places, people)]


Target = tuple[str, bool]
"""An id, and whether it is a person's."""


def _targets(places: Iterable[object], people: Iterable[object]) -> list[Target]:
    """Each once, in order."""
    named = [(str(one), False) for one in places] + [(str(one), True) for one in people]
    return list(dict.fromkeys(named))


def _attempt(me: UserId, original: Message, key: str, target: Target) -> Outcome:
    try:
        return Outcome(target[0], sent=_pass_on(me, original, key, target))
    except ChatError as refusal:
        return Outcome(target[0], refusal=refusal)


def _pass_on(me: UserId, original: Message, key: str, target: Target) -> Sent:
    one, is_person = target
    pace.writing.take(me)
    seat = access.conversation(me, conversations.start_private(me, UserId(one))[0].id if is_person else one)
    earlier = log.by_client_id(seat.conversation.id, me, key)
    if earlier is not None:
        return Sent(messages.as_seen(me, [earlier])[0], created=False)
    access.check_contact(me, seat.partner, seat.conversation.id)
    if seat.waiting:
        requests.accept(me, seat.conversation.id)
    return messages.writer.append_and_wait(_draft(seat, original, key))


def _draft(seat: Seat, original: Message, key: str) -> Draft:
    """What is passed on twice is still its first author's."""
    author = original.forwarded.author_id if original.forwarded else original.sender_id
    return Draft(
        conversation_id=seat.conversation.id,
        sender_id=seat.me,
        client_id=key,
        content=original.content,
        attachments=attachments.pass_on(seat.me, seat.conversation.id, key, original.attachments),
        forwarded=Forwarded(author_id=author),
    )
