import pytest

from chatsite.management.bench import limits
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.limits import Limit

FLOOR = Figure("cost", "ms", 10)


@pytest.mark.parametrize(("value", "held", "met"), [(12, True, True), (15, True, False), (15.1, False, False)])
def test_a_limit_of_the_ratio_bounds_how_many_times_the_floors_it_is(value: float, held: bool, met: bool) -> None:
    bound, cost = Limit(must=1.5, aim=1.2, ratio=True), Figure("cost", "ms", value)
    assert (bound.held(cost, FLOOR), bound.met(cost, FLOOR)) == (held, met)


def test_without_a_floor_nothing_is_said_of_a_ratio() -> None:
    bound = Limit(must=1.5, aim=1.2, ratio=True)
    assert bound.held(FLOOR, None) is None
    assert bound.met(FLOOR, None) is None


def test_a_limit_of_the_value_does_not_look_at_the_floor() -> None:
    assert limits.NONE.held(Figure("lost", "", 0), None) is True
    assert limits.NONE.held(Figure("lost", "", 1), Figure("lost", "", 5)) is False


def test_where_more_is_better_the_limit_is_the_least() -> None:
    rate = Limit(must=1000, aim=2000, more=True)
    assert rate.held(Figure("rate", "", 999), None) is False
    assert rate.held(Figure("rate", "", 1000), None) is True
    assert rate.met(Figure("rate", "", 1999), None) is False


def test_an_aim_alone_must_not_hold() -> None:
    assert Limit(aim=50).held(Figure("p99", "ms", 70), None) is None
    assert Limit(aim=50).met(Figure("p99", "ms", 70), None) is False
