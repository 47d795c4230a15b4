from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from chatsite.types import ObjectId, UserId
from messaging.documents import Message
from notifications import digest
from notifications.digest import Digest

ADA, BEN, CLEO = (UserId(str(uuid4())) for _ in range(3))


def message(conversation_id: ObjectId, seq: int, sender: UserId) -> Message:
    now = datetime.now(UTC)
    return Message(
        id=ObjectId(),
        conversation_id=conversation_id,
        seq=seq,
        client_id=str(uuid4()),
        sender_id=sender,
        content=f"message {seq}",
        created_at=now,
        updated_at=now,
    )


def test_a_burst_counts_what_others_said_and_keeps_their_latest() -> None:
    here, gathered = ObjectId(), Digest()
    for seq, sender in enumerate([ADA, BEN, ADA, CLEO, ADA], start=1):
        gathered.add(message(here, seq, sender))
    burst = gathered.bursts[here]
    news = burst.news(ADA, 0)
    assert news is not None
    assert (news.count, news.latest.seq) == (2, 4)
    without = burst.news(ADA, 0, unheard=[CLEO])
    assert without is not None
    assert (without.count, without.latest.seq) == (1, 2)
    assert burst.news(ADA, 4) is None
    assert burst.news(ADA, 0, unheard=[BEN, CLEO]) is None


def test_it_is_bounded_and_says_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "CONVERSATIONS_MAX", 2)
    gathered, places = Digest(), [ObjectId() for _ in range(3)]
    for place in places:
        gathered.add(message(place, 1, ADA))
        gathered.read(BEN, place, 1)
    gathered.add(message(places[0], 2, ADA))
    gathered.read(BEN, places[0], 2)
    assert list(gathered.bursts) == places[:2]
    assert gathered.bursts[places[0]].counts[ADA] == 2
    assert gathered.readings == {(BEN, places[0]): 2, (BEN, places[1]): 1}
    assert gathered.dropped == 2


def test_reading_never_goes_back() -> None:
    here, gathered = ObjectId(), Digest()
    assert not gathered
    gathered.read(ADA, here, 5)
    gathered.read(ADA, here, 3)
    assert gathered.readings == {(ADA, here): 5}
    assert gathered
