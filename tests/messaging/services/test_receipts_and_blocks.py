"""Someone who blocked the sender never delivers (PROTOCOL.md, "Receipts")."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import msgspec
import pytest

from accounts.services import relationships
from chatsite.errors import NotFound
from chatsite.realtime import hub
from chatsite.realtime.hub import conversation_topic
from chatsite.realtime.publication import Publication
from messaging.documents import Conversation
from messaging.presentation.timeline import tick
from messaging.repositories import messages as log
from messaging.services import amendments, discretion, members, messages, receipts
from tests.cast import Cast, acquaint
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Publication]]:
    """What was published."""
    published: list[Publication] = []
    monkeypatch.setattr(hub.hub, "publish", lambda *publications: published.extend(publications))
    yield published


def block(cast: Cast) -> None:
    """ben blocks ada."""
    relationships.block(cast.ben.chat_id, cast.ada.chat_id)
    discretion.forget(cast.ben.chat_id)


def readers(group: Conversation) -> list[list[str]]:
    return [[one.user_id for one in message.read_by] for message in log.after(group.id, 0, 100)]


def ticks(cast: Cast, group: Conversation) -> list[str]:
    others = [one for one in members.seats_shown(cast.ada.chat_id, group.id) if one.user_id != cast.ada.chat_id]
    return [tick(one.seq, others) for one in log.after(group.id, 0, 100) if one.sender_id == cast.ada.chat_id]


def test_in_a_group_only_the_blocked_ones_messages_go_without(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group), say(cast.cleo, group)
    block(cast)
    receipts.mark(cast.ben.chat_id, group.id, "read", 2)
    assert readers(group) == [[], [cast.ben.chat_id]]
    assert receipts.of_message(cast.ada.chat_id, group.id, 1) == ({}, {})
    assert receipts.of_message(cast.cleo.chat_id, group.id, 1) == ({}, {})
    assert list(receipts.of_message(cast.cleo.chat_id, group.id, 2)[1]) == [cast.ben.chat_id]


def test_the_blocked_one_is_not_told_but_the_others_are(
    cast: Cast, group: Conversation, told: list[Publication]
) -> None:
    say(cast.ada, group)
    block(cast)
    told.clear()
    for one in (cast.ben, cast.cleo):
        receipts.mark(one.chat_id, group.id, "read", 1)
    assert {one.topic for one in told} == {conversation_topic(group.id)}
    skipped = {msgspec.json.decode(one.text)[0]["user_id"]: one.skip for one in told}
    assert skipped == {cast.ben.chat_id: {cast.ada.chat_id}, cast.cleo.chat_id: frozenset()}


def test_in_a_private_conversation_nothing_more_is_delivered(cast: Cast) -> None:
    talk = acquaint(cast.ada, cast.ben)
    for _ in range(2):
        say(cast.ada, talk)
    receipts.mark(cast.ben.chat_id, talk.id, "read", 1)
    assert ticks(cast, talk) == ["read", "sent"]
    block(cast)
    with pytest.raises(NotFound):
        receipts.mark(cast.ben.chat_id, talk.id, "read", 2)
    receipts.note(cast.ben.chat_id, talk.id, "read", 2)  # what was on its way
    receipts.gatherer.flush(5)
    assert readers(talk) == [[cast.ben.chat_id], []]
    assert ticks(cast, talk) == ["read", "sent"]  # as before: the block does not show itself
    assert list(receipts.of_message(cast.ada.chat_id, talk.id, 1)[1]) == [cast.ben.chat_id]
    assert receipts.of_message(cast.ada.chat_id, talk.id, 2) == ({}, {})


def test_the_blocked_one_sees_no_names_of_after_the_block_on_others_messages(cast: Cast, group: Conversation) -> None:
    for _ in range(2):
        say(cast.cleo, group)
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    block(cast)
    receipts.mark(cast.ben.chat_id, group.id, "read", 2)
    seen = {
        who.username: [len(one.read_by) for one in messages.page(who.chat_id, group.id).messages]
        for who in (cast.ada, cast.cleo)
    }
    assert seen == {"ada": [1, 0], "cleo": [1, 1]}


def test_a_change_tells_nobody_the_names_that_somebody_must_not_see(
    cast: Cast, group: Conversation, told: list[Publication]
) -> None:
    said = say(cast.cleo, group)
    for one in (cast.ada, cast.ben):
        receipts.mark(one.chat_id, group.id, "read", 1)
    block(cast)
    told.clear()
    amendments.pin(cast.cleo.chat_id, said.id, uuid4(), True)
    frames = {one.receipts: msgspec.json.decode(one.text)["message"]["read_by"] for one in told}
    assert [one["user_id"] for one in frames[True]] == [cast.ada.chat_id]


def test_being_blocked_by_the_reader_is_what_counts(cast: Cast, group: Conversation) -> None:
    say(cast.ada, group)
    relationships.block(cast.ada.chat_id, cast.ben.chat_id)
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)
    assert readers(group) == [[cast.ben.chat_id]]
