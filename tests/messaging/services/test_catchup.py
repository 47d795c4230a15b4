"""What a returning client gets: exactly what it missed, or an honest "start over" (PROTOCOL.md, "Coming back")."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chatsite.clock import now
from chatsite.types import UserId
from messaging.documents import Conversation
from messaging.protocol import SYNC_MAX, SyncBatch, SyncReset
from messaging.services import catchup, conversations
from messaging.services.archive import Entry, take_in
from messaging.services.catchup import Missed
from messaging.services.discretion import sight
from tests.cast import Cast
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db


def missed(group: Conversation, cursor: tuple[int, int]) -> list[SyncBatch | SyncReset]:
    asked = Missed(UserId(group.created_by), group.id, *cursor, drawn_in=None)
    return catchup.missed([asked])[asked]


def test_equal_cursors_get_nothing(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group)
    assert missed(group, (1, 1)) == []


def test_messages_and_changes_that_were_missed(cast: Cast, group: Conversation) -> None:
    for number in range(3):
        say(cast.ada, group, f"{number}")
    conversations.rename(cast.ada.chat_id, group.id, "Dragons")
    (batch,) = missed(group, (1, 1))
    assert isinstance(batch, SyncBatch)
    assert [one.content for one in batch.messages] == ["1", "2"]
    assert [one.kind for one in batch.changes] == ["renamed"]
    assert (batch.seq, batch.rev, batch.more) == (3, 2, False)


def test_much_comes_in_pages_without_a_hole(cast: Cast, group: Conversation) -> None:
    fill(cast, group, SYNC_MAX)
    batches = missed(group, (0, 1))
    assert [isinstance(one, SyncBatch) and one.more for one in batches] == [True] * 4 + [False]
    seqs = [message.seq for one in batches if isinstance(one, SyncBatch) for message in one.messages]
    assert seqs == list(range(1, SYNC_MAX + 1))


def test_who_is_too_far_behind_or_ahead_starts_over(cast: Cast, group: Conversation) -> None:
    fill(cast, group, SYNC_MAX + 1)
    for cursor, reason in (((0, 1), "too_far"), ((SYNC_MAX + 2, 1), "ahead"), ((SYNC_MAX + 1, 9), "ahead")):
        assert missed(group, cursor) == [SyncReset(conversation_id=str(group.id), reason=reason)]
    ahead = catchup.hole(group.id, (SYNC_MAX + 2, 0), 100, sight(cast.ada.chat_id), html=False)
    assert isinstance(ahead, SyncReset)


def test_a_hole_is_filled_in_pages(cast: Cast, group: Conversation) -> None:
    for number in range(5):
        say(cast.ada, group, f"{number}")
    batch = catchup.hole(group.id, (1, 1), 2, sight(cast.ada.chat_id), html=False)
    assert isinstance(batch, SyncBatch)
    assert ([one.seq for one in batch.messages], batch.seq, batch.more) == ([2, 3], 3, True)


def fill(cast: Cast, group: Conversation, count: int) -> None:
    entries = [Entry(str(uuid4()), cast.ada.chat_id, f"{number}", now()) for number in range(count)]
    assert sum(take_in(group.id, entries)) == count
