"""What a returning client missed: batches in order, or an honest "start over"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
from django.utils import translation
from django.utils.translation import get_language

from chatsite.types import ObjectId, UserId
from messaging import presentation
from messaging.documents import Change, Message
from messaging.protocol import SYNC_MAX, SYNC_PAGE, ChangeData, SyncBatch, SyncReset, change_data, message_data
from messaging.repositories import changes, messages
from messaging.services import discretion, inbox
from messaging.services.discretion import Sight

NOBODY = UserId("")

Cursor = tuple[int, int]


class Missed(NamedTuple):
    """What a returning client asks: everything of this conversation after [seq, rev]; for browsers drawn in a
    language."""

    me: UserId
    conversation_id: ObjectId
    seq: int
    rev: int
    drawn_in: str | None


def missed(asked: Sequence[Missed]) -> dict[Missed, list[SyncBatch | SyncReset]]:
    """For each, from the client's [seq, rev] to the head. Nothing where they are equal.

    Those who see the same and stand at the same place share their answer: when everyone comes back, that is most. But
    who has deleted one of its messages for themself gets one of their own.
    """
    heads = inbox.heads(list({one.conversation_id for one in asked}))
    sights = discretion.sights({one.me for one in asked})
    shared: dict[Any, tuple[list[SyncBatch | SyncReset], set[str]]] = {}
    answers: dict[Missed, list[SyncBatch | SyncReset]] = {}
    for one in asked:
        sight = sights[one.me]
        same = (one[1:], None if sight.full else one.me)
        if same not in shared:
            hiders: set[str] = set()
            shared[same] = list(_missed(one, heads[one.conversation_id], replace(sight, me=NOBODY), hiders)), hiders
        answers[one], hiders = shared[same]
        if one.me in hiders:
            answers[one] = list(_missed(one, heads[one.conversation_id], sight, set()))
    return answers


def _missed(asked: Missed, head: Cursor, sight: Sight, hiders: set[str]) -> Iterator[SyncBatch | SyncReset]:
    here, cursor = asked.conversation_id, (asked.seq, asked.rev)
    behind = (head[0] - cursor[0], head[1] - cursor[1])
    if min(behind) < 0:
        yield SyncReset(conversation_id=str(here), reason="ahead")
    elif max(behind) > SYNC_MAX:
        yield SyncReset(conversation_id=str(here), reason="too_far")
    while 0 < max(behind) <= SYNC_MAX and min(behind) >= 0:
        with translation.override(asked.drawn_in or get_language()):
            step = batch(here, cursor, head, SYNC_PAGE, sight, html=asked.drawn_in is not None, hiders=hiders)
        yield step
        if not step.more:
            break
        cursor = (step.seq, step.rev)


def batch(
    here: ObjectId,
    cursor: Cursor,
    head: Cursor,
    limit: int,
    sight: Sight,
    *,
    html: bool,
    hiders: set[str] | None = None,
) -> SyncBatch:
    """Up to `limit` messages and changes after the cursor. `more` says that the head is not reached yet. Who has
    deleted one of the messages for themself is added to the `hiders`."""
    found = messages.after(here, cursor[0], limit) if cursor[0] < head[0] else []
    changed = changes.after(here, cursor[1], limit) if cursor[1] < head[1] else []
    _note(hiders, found)
    seen = sight.messages(found)
    seq = found[-1].seq if found else cursor[0]
    rev = changed[-1].rev if changed else cursor[1]
    return SyncBatch(
        conversation_id=str(here),
        messages=[message_data(one) for one in seen],
        changes=with_messages(changed, sight, html=html, hiders=hiders),
        seq=seq,
        rev=rev,
        more=seq < head[0] or rev < head[1],
        html=presentation.draw_messages(seen) if html else msgspec.UNSET,
    )


def with_messages(
    changed: list[Change], sight: Sight, *, html: bool = False, hiders: set[str] | None = None
) -> list[ChangeData]:
    """The changes with the messages they changed, as those now are; drawn, for browsers."""
    touched = messages.by_ids([one.message_id for one in changed if one.message_id is not None])
    _note(hiders, touched.values())
    now = {one.id: one for one in sight.messages(list(touched.values()))}
    drawn = dict(zip(now, presentation.draw_messages(list(now.values())), strict=True)) if html else {}
    return [
        change_data(one, now.get(one.message_id), drawn.get(one.message_id)) if one.message_id else change_data(one)
        for one in changed
    ]


def _note(hiders: set[str] | None, found: Iterable[Message]) -> None:
    if hiders is not None:
        hiders.update(who for one in found for who in one.hidden_for or ())


def hole(here: ObjectId, cursor: Cursor, limit: int, sight: Sight, *, html: bool) -> SyncBatch | SyncReset:
    """The answer to `sync`: the next batch after the cursor, or a reset for a cursor beyond the head."""
    head = inbox.heads([here])[here]
    if cursor[0] > head[0] or cursor[1] > head[1]:
        return SyncReset(conversation_id=str(here), reason="ahead")
    return batch(here, cursor, head, limit, sight, html=html)
