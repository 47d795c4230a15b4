import pytest

from chatsite.management.bench.costs import Costs, Run
from chatsite.management.bench.job import Outcome
from chatsite.management.bench.scenarios import SCENARIOS


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_person_has_a_place_to_sit(name: str) -> None:
    needs = SCENARIOS[name].needs()
    groups, pairs = [f"g{number}" for number in range(len(needs.groups))], [f"p{place}" for place in needs.pairs]
    assert len(SCENARIOS[name].rooms(groups, pairs)) == needs.people
    assert all(0 <= one < needs.people for who in [*needs.groups, *needs.pairs] for one in who)


def test_everyone_idle_is_in_twenty_conversations() -> None:
    needs = SCENARIOS["idle"].needs()
    seats = [one for group in needs.groups for one in group]
    assert {seats.count(one) for one in range(needs.people)} == {20}


def costs(web: float, mongod: float, busy: float) -> Costs:
    return Costs({"web": web, "mongod": mongod}, {"web": 1000, "mongod": 5000}, busy)


def test_costs_are_what_was_spent_in_the_window_per_delivery() -> None:
    seen = Outcome(seconds=10, messages=1000, deliveries=100_000, latencies={"p99": 5.0})
    run = Run("daphne", seen, {"steady": costs(1.0, 2.0, 50.0), "over": costs(4.0, 3.0, 55.0)})
    lines = {one.name.strip(): one.value for one in SCENARIOS["room"].figures(run)}
    assert lines["CPU per 1,000 deliveries"] == pytest.approx(40)
    assert lines["web"] == pytest.approx(30)
    assert lines["others on the servers' core"] == pytest.approx(10)
    assert lines["deliveries per second"] == 10_000
