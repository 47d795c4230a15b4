"""What was found out is believed for a moment, in bounds, by threads that share it."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest

from chatsite import memory
from chatsite.memory import Memory


class Source:
    """Somebody who can be asked, and how often that happened."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, keys: list[str]) -> Mapping[str, int]:
        self.asked.append(keys)
        return {key: len(self.asked) for key in keys if key != "nobody"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in a list of one: set it."""
    moment = [1000.0]
    monkeypatch.setattr(memory.time, "monotonic", lambda: moment[0])
    return moment


def test_only_what_is_not_known_is_asked_for(clock: list[float]) -> None:
    known: Memory[str, int] = Memory()
    ask = Source()
    assert known.recall(["ada"], ask) == {"ada": 1}
    assert known.recall(["ada", "ben"], ask) == {"ada": 1, "ben": 2}
    assert known.recall(["ada", "ben"], ask) == {"ada": 1, "ben": 2}
    assert ask.asked == [["ada"], ["ben"]]


def test_nothing_is_believed_for_longer_than_a_moment(clock: list[float]) -> None:
    known: Memory[str, int] = Memory(seconds=1.5)
    ask = Source()
    known.recall(["ada"], ask)
    clock[0] += 1.4
    assert known.believed("ada") == 1
    clock[0] += 0.2
    assert known.believed("ada") is None
    assert known.last("ada") == 1
    assert known.recall(["ada"], ask) == {"ada": 2}


def test_an_answer_that_took_long_is_as_old_as_its_question(clock: list[float]) -> None:
    known: Memory[str, int] = Memory(seconds=1.5)

    def ask(keys: list[str]) -> dict[str, int]:
        clock[0] += 2.0
        return dict.fromkeys(keys, 1)

    assert known.recall(["ada"], ask) == {"ada": 1}
    assert known.believed("ada") is None


def test_what_has_no_answer_is_asked_for_again(clock: list[float]) -> None:
    known: Memory[str, int] = Memory()
    ask = Source()
    assert known.recall(["nobody"], ask) == known.recall(["nobody"], ask) == {}
    assert len(ask.asked) == 2


def test_an_answer_of_false_or_none_is_an_answer(clock: list[float]) -> None:
    known: Memory[str, bool | None] = Memory()
    known.recall(["ada", "ben"], lambda _keys: {"ada": False, "ben": None})
    assert known.recall(["ada", "ben"], lambda _keys: {}) == {"ada": False, "ben": None}


def test_what_is_forgotten_is_asked_for_again(clock: list[float]) -> None:
    known: Memory[str, int] = Memory()
    ask = Source()
    known.recall(["ada"], ask)
    known.forget("ada")
    known.forget("nobody")
    assert known.last("ada") is None
    assert known.recall(["ada"], ask) == {"ada": 2}


def test_when_it_is_full_those_learned_first_go(clock: list[float]) -> None:
    known: Memory[str, int] = Memory(most=2)
    ask = Source()
    for key in ("ada", "ben"):
        known.recall([key], ask)
    clock[0] += memory.MOMENT
    for key in ("ada", "cleo"):
        known.recall([key], ask)
    assert [known.last(key) for key in ("ada", "ben", "cleo")] == [3, None, 4]


def test_threads_that_learn_and_forget_at_once_do_not_trip_over_each_other() -> None:
    known: Memory[int, int] = Memory(most=50)
    failures: list[Exception] = []

    def work(start: int) -> None:
        try:
            for key in range(start, start + 2000):
                assert known.recall([key % 70], lambda keys: {one: one for one in keys}) == {key % 70: key % 70}
                known.forget(key % 7)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert len(known._known) <= 50
