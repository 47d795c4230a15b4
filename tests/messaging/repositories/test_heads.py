"""How far logs reach, and whose turn it is where two processes append."""

from __future__ import annotations

import pytest

from chatsite.types import ObjectId
from messaging.repositories.heads import CONTESTED, TURN, Heads
from tests.clock import Clock

HERE, THERE = ObjectId("0" * 23 + "1"), ObjectId("0" * 23 + "2")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heads(clock: Clock) -> Heads:
    found = Heads(clock)
    found.put(HERE, 5)
    return found


def test_a_head_only_grows(heads: Heads) -> None:
    heads.heard(HERE, 9)
    heads.heard(HERE, 7)
    heads.put(HERE, 6)
    assert heads.of(HERE) == 9


@pytest.mark.mongo
def test_what_is_heard_of_an_unknown_conversation_is_not_kept(heads: Heads) -> None:
    heads.heard(THERE, 9)
    assert heads.of(THERE) == 0


@pytest.mark.mongo
def test_what_is_forgotten_is_read_again(heads: Heads) -> None:
    heads.forget(HERE)
    assert heads.of(HERE) == 0


def test_who_writes_alone_never_waits(heads: Heads) -> None:
    for seq in range(6, 20):
        heads.appended(HERE, seq)
        assert heads.waits(HERE) == 0


def test_after_ones_own_turn_it_is_the_others(heads: Heads, clock: Clock) -> None:
    heads.heard(HERE, 9)
    assert heads.waits(HERE) == 0
    heads.appended(HERE, 12)
    assert heads.waits(HERE) == pytest.approx(TURN)
    assert heads.waits(THERE) == 0
    heads.heard(HERE, 14)
    assert heads.waits(HERE) == 0


def test_a_turn_that_is_not_taken_ends(heads: Heads, clock: Clock) -> None:
    heads.heard(HERE, 9)
    heads.appended(HERE, 12)
    clock.now += TURN
    assert heads.waits(HERE) == 0


def test_who_has_gone_quiet_is_not_waited_for(heads: Heads, clock: Clock) -> None:
    heads.heard(HERE, 9)
    clock.now += 1.01 * CONTESTED
    heads.appended(HERE, 12)
    assert heads.waits(HERE) == 0
