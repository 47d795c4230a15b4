import pytest

from chatsite.management.bench.comparisons import together
from chatsite.management.bench.figures import Figure, percentile, spread


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


def test_a_ratio_needs_something_to_be_held_against() -> None:
    assert Figure("cost", "ms", 15).ratio(Figure("cost", "ms", 10)) == 1.5
    assert Figure("cost", "ms", 15).ratio(Figure("cost", "ms", 0)) is None
    assert Figure("cost", "ms", 15).ratio(None) is None


def test_of_several_runs_the_middle_one_counts_and_the_worst_fault() -> None:
    runs = [[Figure("lost", "", lost), Figure("cost", "ms", cost)] for lost, cost in ((0, 3.0), (1, 9.0), (0, 4.0))]
    assert together(runs) == [Figure("lost", "", 1), Figure("cost", "ms", 4.0)]
