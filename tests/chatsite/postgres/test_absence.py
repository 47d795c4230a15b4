"""One in a while asks whether PostgreSQL is back; everybody else does not wait for it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError

from chatsite.postgres import absence
from chatsite.postgres.absence import ASK_EVERY, or_known


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(absence, "_ask_at", None)
        monkeypatch.setattr(absence.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def gone() -> str:
    raise OperationalError("the server is away")


def test_while_it_is_away_few_ask_and_everybody_goes_on_with_what_they_know(clock: Clock) -> None:
    asked: list[float] = []

    def ask() -> str:
        asked.append(clock.now)
        return gone()

    for _ in range(21):
        assert or_known(ask, "known") == "known"
        clock.now += 1
    assert asked == [1000.0 + ASK_EVERY * turn for turn in range(5)]


def test_when_it_is_back_everybody_asks_again(clock: Clock) -> None:
    assert or_known(gone, "known") == "known"
    clock.now += ASK_EVERY
    assert or_known(lambda: "fresh", "known") == "fresh"
    assert or_known(lambda: "fresher", "known") == "fresher"


def test_other_troubles_are_not_hidden(clock: Clock) -> None:
    def clash() -> str:
        raise IntegrityError("not an outage")

    with pytest.raises(IntegrityError):
        or_known(clash, "known")
