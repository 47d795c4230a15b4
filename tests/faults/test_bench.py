"""Each scenario of the bench, small, on real servers: it drives, nothing goes wrong, its figures are there.

No fault tests, but as long as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chatsite.management.bench import comparisons
from chatsite.management.bench.comparisons import Comparison, Side
from chatsite.management.bench.laboratory import Laboratory, laboratory
from chatsite.management.bench.limits import FAULTLESS, PER_DELIVERIES, PER_MESSAGE, PER_REQUEST, WHOLE
from chatsite.management.bench.report import Result
from chatsite.management.bench.scenarios import Directory, History, Hot, Idle, Pairs, Room, Storm
from chatsite.management.bench.subjects import FLOOR

SECONDS = 0.5  # of each window


@pytest.fixture(scope="module")
def lab() -> Iterator[Laboratory]:
    with laboratory() as found:
        yield found


def measured(lab: Laboratory, ours: Side, other: Side | None = None) -> Result:
    one = Comparison(ours, other, "the other" if other else "", {})
    return next(comparisons.results("small", [one], SECONDS, lab))


def ratio(result: Result, name: str) -> float | None:
    return next(one.ratio(other) for one, other, _ in result.lines() if one.name == name)


def values(result: Result) -> dict[str, float]:
    return {one.name.strip(): one.value for one in result.ours}


def test_a_room_is_held_against_the_floor(lab: Laboratory) -> None:
    result = measured(lab, Side(Room(members=10, receipts=True), "daphne"), Side(Room(members=10), FLOOR))
    found = values(result)
    assert [found[name] for name in FAULTLESS] == [0] * len(FAULTLESS)
    assert {"web", "mongod", "postgres", "redis", "worker"} <= found.keys()
    assert ratio(result, PER_DELIVERIES)


def test_pairs_play_and_acknowledge(lab: Laboratory) -> None:
    found = values(measured(lab, Side(Pairs(pairs=5, receipts=True), "daphne")))
    assert [found[name] for name in FAULTLESS] == [0] * len(FAULTLESS)
    assert found["messages per second"] > 0 and found[PER_MESSAGE] > 0


def test_history_is_held_against_a_floor_that_reads_the_same(lab: Laboratory) -> None:
    side = Side(History(messages=120), "daphne")
    result = measured(lab, side, replace(side, subject=FLOOR))
    assert values(result)["wrong answers"] == 0
    assert [one.value for one in result.other or () if one.name == "wrong answers"] == [0]
    assert ratio(result, PER_REQUEST)


def test_people_are_looked_for_among_many(lab: Laboratory) -> None:
    found = values(measured(lab, Side(Directory(people=300), "daphne")))
    assert found["wrong answers"] == 0 and found["requests per second"] > 0


def test_two_processes_share_a_conversation_and_both_work(lab: Laboratory) -> None:
    found = values(measured(lab, Side(Hot(members=20), "daphne", web_processes=2)))
    assert not any(found[name] for name in [*WHOLE, "sends without ack", "refusals"])
    assert found["messages per second"] > 0
    assert found["web process 1"] > 0 and found["web process 2"] > 0


def test_idle_sockets_cost_memory_and_a_log_in(lab: Laboratory) -> None:
    found = values(measured(lab, Side(Idle(sockets=50), "uvicorn")))
    assert found["refusals"] == 0
    assert found["CPU per connect"] > 0
    assert 0 < found["memory per socket"] < 1000


def test_after_a_storm_everyone_is_back(lab: Laboratory) -> None:
    found = values(measured(lab, Side(Storm(sockets=30), "daphne")))
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert 0 < found["all subscribed again"] <= found["all back and caught up"]
