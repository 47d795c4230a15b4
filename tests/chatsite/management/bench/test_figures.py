import json

import pytest

from chatsite.management.bench import report
from chatsite.management.bench.figures import Figure, percentile, spread
from chatsite.management.bench.report import Result


@pytest.mark.parametrize(("part", "value"), [(0, 1), (50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_of_a_hundred_samples_is_one_of_them(part: int, value: int) -> None:
    assert percentile(range(1, 101), part) == value


def test_percentiles_of_few_samples() -> None:
    assert percentile([], 99) == 0
    assert percentile([7.0], 50) == 7.0
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 75) == 3.0


def test_a_spread_is_in_milliseconds_whatever_the_order() -> None:
    assert spread([3_000_000, 1_000_000, 2_000_000]) == {"p50": 2.0, "p95": 3.0, "p99": 3.0, "max": 3.0}


def test_limits_bound_the_value_or_its_ratio_to_the_floor() -> None:
    floor = Figure("cost", "ms", 10)
    assert Figure("cost", "ms", 15, must=1.5, of_floor=True).holds(floor) is True
    assert Figure("cost", "ms", 16, must=1.5, of_floor=True).holds(floor) is False
    assert Figure("cost", "ms", 16, must=1.5, of_floor=True).holds(None) is None
    assert Figure("lost", "", 1, must=0).holds(floor) is False
    assert Figure("rate", "", 900, must=1000, more=True).holds(None) is False
    assert Figure("rate", "", 900).holds(None) is None


def result() -> Result:
    ours = [Figure("lost", "", 0, must=0), Figure("CPU per delivery", "ms", 0.03, must=1.8, of_floor=True)]
    return Result("room", "room of 100", "daphne", ours, [Figure("CPU per delivery", "ms", 0.01)])


def test_the_table_shows_the_ratio_and_what_is_over_its_limit() -> None:
    _, head, lost, cost = report.table(result()).splitlines()
    assert head.split() == ["daphne", "floor", "ratio"]
    assert lost.split() == ["lost", "0", "holds:", "at", "most", "0"]
    assert "3.00 ×" in cost and "OVER: at most 1.80 × floor" in cost
    assert result().broken == ["CPU per delivery"]


def test_the_json_has_the_same_figures() -> None:
    read = json.loads(report.encoded([result()], {"Cores": "two"}))
    assert read["circumstances"] == {"Cores": "two"}
    lost, cost = read["results"][0]["figures"]
    assert (lost["floor"], lost["ratio"], lost["holds"]) == (None, None, True)
    assert cost["ratio"] == pytest.approx(3)
    assert cost["holds"] is False


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (4628, "4,628"), (123.4, "123"), (12.34, "12.3"), (0.2249, "0.22")]
)
def test_numbers_have_about_three_digits(value: float, text: str) -> None:
    assert report.number(value) == text
