import pytest

from chatsite.management.bench import comparisons
from chatsite.management.bench.costs import Costs, Run
from chatsite.management.bench.job import Outcome
from chatsite.management.bench.scenarios import KINDS, Idle, Pairs, Room, Scenario

NAMES = comparisons.TITLES


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_person_has_a_place_to_sit(kind: type[Scenario]) -> None:
    scenario = kind()
    needs = scenario.needs()
    groups, pairs = [f"g{number}" for number in range(len(needs.groups))], [f"p{place}" for place in needs.pairs]
    assert len(scenario.rooms(groups, pairs)) == needs.people
    assert all(0 <= one < needs.people for who in [*needs.groups, *needs.pairs] for one in who)


def test_everyone_idle_is_in_twenty_conversations() -> None:
    needs = Idle().needs()
    seats = [one for group in needs.groups for one in group]
    assert {seats.count(one) for one in range(needs.people)} == {20}


def test_a_rush_is_held_for_its_time_however_short_the_others_are() -> None:
    assert Room(held=20).window(4) == 20
    assert Room(held=20).window(30) == 30


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
@pytest.mark.parametrize("name", NAMES)
def test_every_limit_bounds_a_figure_of_its_table(name: str, server: str) -> None:
    for one in comparisons.comparisons(name, server):
        figures = {figure.name for figure in one.ours.scenario.figures(run(server))}
        assert one.limits.keys() <= figures
        assert not one.series or one.series in figures


@pytest.mark.parametrize("name", NAMES)
def test_what_is_held_against_something_is_not_held_against_itself(name: str) -> None:
    for one in comparisons.comparisons(name, "daphne"):
        assert one.ours != one.other
        assert (one.other is None) == (not one.against)


def costs(web: float, mongod: float, busy: float, at: float) -> Costs:
    return Costs({"web": web, "mongod": mongod}, {"web": 1000, "mongod": 5000}, busy, at, [web], clients=web / 2)


def run(subject: str = "daphne", **more: object) -> Run:
    """In a window of 10 s: 3 s of the web, 1 s of MongoDB, 1 s of others, 1.5 s of the clients elsewhere."""
    seen = Outcome(
        seconds=10,
        messages=1000,
        deliveries=100_000,
        latencies={"p50": 1.0, "p95": 2.0, "p99": 5.0},
        times={"connecting": 4.0, "back": 3.0, "caught up": 5.0},
    )
    early, late = costs(1.0, 2.0, 50.0, 100.0), costs(4.0, 3.0, 55.0, 110.0)
    return Run(subject, seen, {"few": early, "all": late, "steady": early, "over": late}, **more)  # type: ignore[arg-type]


def lines(scenario: Scenario, seen: Run) -> dict[str, float]:
    return {one.name.strip(): one.value for one in scenario.figures(seen)}


def test_costs_are_what_was_spent_in_the_window_per_delivery() -> None:
    found = lines(Room(), run())
    assert found["CPU per 1,000 deliveries"] == pytest.approx(40)
    assert found["web"] == pytest.approx(30)
    assert found["deliveries per second"] == 10_000
    assert found["clients"] == pytest.approx(15)


def test_who_else_was_on_the_servers_cores_is_not_the_clients_that_share_them() -> None:
    assert lines(Room(), run())["others on the servers' cores"] == pytest.approx(10)
    assert run(shared=True).disturbance() == pytest.approx(0)
    assert run(cores=2).disturbance() == pytest.approx(0.05)


def test_what_the_servers_cores_bear_is_what_their_cpu_would_do_alone() -> None:
    assert lines(Pairs(), run())["messages the servers' cores bear"] == pytest.approx(250)
    assert lines(Pairs(), run(cores=2))["messages the servers' cores bear"] == pytest.approx(500)
