"""One thread looks whether PostgreSQL is back; everybody else does not wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, OperationalError

from chatsite.postgres import absence
from chatsite.postgres.absence import or_known

PATIENCE = 5.0  # seconds


class Postgres:
    """Away until it is told to come back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.back = threading.Event()
        self.asked = 0
        monkeypatch.setattr(absence, "LOOK_EVERY", 0.001)
        monkeypatch.setattr(absence, "_answers", self.back.is_set)

    def ask(self) -> str:
        self.asked += 1
        if not self.back.is_set():
            raise OperationalError("the server is away")
        return "fresh"


@pytest.fixture
def postgres(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    found = Postgres(monkeypatch)
    yield found
    found.back.set()
    if absence._looking is not None:
        absence._looking.join(PATIENCE)
    assert absence._looking is None


def test_while_it_is_away_nobody_asks_and_everybody_goes_on_with_what_they_know(postgres: Postgres) -> None:
    assert [or_known(postgres.ask, "known") for _ in range(20)] == ["known"] * 20
    assert postgres.asked == 1


def test_when_it_is_back_everybody_asks_again(postgres: Postgres) -> None:
    assert or_known(postgres.ask, "known") == "known"
    postgres.back.set()
    deadline = time.monotonic() + PATIENCE
    while or_known(postgres.ask, "known") == "known":
        assert time.monotonic() < deadline
    assert or_known(postgres.ask, "known") == "fresh"


def test_other_troubles_are_not_hidden() -> None:
    def clash() -> str:
        raise IntegrityError("not an outage")

    with pytest.raises(IntegrityError):
        or_known(clash, "known")
