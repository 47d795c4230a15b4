"""While PostgreSQL is away, what was known a moment ago holds; nothing else is made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.db import OperationalError

from chatsite.errors import Unavailable
from chatsite.postgres import absence
from chatsite.realtime import lately
from chatsite.realtime.lately import HOLDS, Lately


@pytest.fixture(autouse=True)
def postgres_is_back_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(absence, "_answers", lambda: True)
    yield
    if (looking := absence._looking) is not None:
        looking.join(5)


class Source:
    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.answer = True

    def __call__(self, keys: Sequence[str]) -> dict[str, bool]:
        if self.fails is not None:
            raise self.fails
        return dict.fromkeys(keys, self.answer)


def test_what_was_known_holds_and_a_stranger_is_told_of_the_outage() -> None:
    source = Source()
    ask = Lately(source)
    assert ask(["ada"]) == {"ada": True}
    source.fails = OperationalError("the server is away")
    found = ask(["ada", "eve"])
    assert found["ada"] is True
    assert isinstance(found["eve"], Unavailable)


def test_the_newest_answer_is_what_holds() -> None:
    source = Source()
    ask = Lately(source)
    ask(["ada"])
    source.answer = False
    ask(["ada"])
    source.fails = OperationalError("the server is away")
    assert ask(["ada"]) == {"ada": False}


def test_it_does_not_hold_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    ask = Lately(source)
    ask(["ada"])
    source.fails = OperationalError("the server is away")
    later = lately.time.monotonic() + HOLDS + 1
    monkeypatch.setattr(lately.time, "monotonic", lambda: later)
    assert isinstance(ask(["ada"])["ada"], Unavailable)


def test_a_fault_of_ours_is_no_outage() -> None:
    source = Source()
    ask = Lately(source)
    ask(["ada"])
    source.fails = KeyError("a bug")
    with pytest.raises(KeyError):
        ask(["ada"])
