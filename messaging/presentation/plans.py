"""Messages that wait for their time, as their sender sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from django.utils import timezone
from django.utils.formats import date_format

from accounts.services import faces, people
from accounts.services.people import Card
from chatsite.clock import iso
from chatsite.types import ObjectId, UserId
from messaging.documents import Attachment, Conversation, Scheduled
from messaging.presentation.rows import face, partner


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. `title` is "" where its sender is no longer in the conversation; `field` is its time as a field
    takes it, by the person's clock."""

    id: str
    conversation_id: str
    title: str
    face: Card | None
    group: bool
    content: str
    files: list[str]
    at: str
    when: str
    field: str
    state: str
    problem: str


def plans(
    found: Sequence[Scheduled],
    files: Mapping[ObjectId, Attachment],
    there: Mapping[ObjectId, Conversation],
    me: UserId,
) -> list[PlanView]:
    """Each with where it is to be said, as far as that is among the conversations `there`: one look-up for all."""
    partners = {one.conversation_id: _partner(there.get(one.conversation_id), me) for one in found}
    cards = faces.shown(me, people.cards({one for one in partners.values() if one}))
    return [
        _plan(one, there.get(one.conversation_id), cards.get(partners[one.conversation_id] or UserId("")), files)
        for one in found
    ]


def _partner(conversation: Conversation | None, me: UserId) -> UserId | None:
    return None if conversation is None else partner(conversation, me)


def _plan(
    one: Scheduled, here: Conversation | None, other: Card | None, files: Mapping[ObjectId, Attachment]
) -> PlanView:
    shown = None if here is None else face(here, other)
    local = timezone.localtime(one.due_at)
    return PlanView(
        id=str(one.id),
        conversation_id=str(one.conversation_id),
        title=shown.display_name if shown else "",
        face=shown,
        group=here is not None and here.type == "group",
        content=one.content,
        files=[files[file].name for file in one.files if file in files],
        at=iso(one.due_at),
        when=date_format(local, "D, j M Y, H:i"),
        field=f"{local:%Y-%m-%dT%H:%M}",
        state=one.state,
        problem=one.problem or "",
    )
