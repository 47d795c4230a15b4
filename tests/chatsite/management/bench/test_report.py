import json

import pytest

from chatsite.management.bench import report
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.limits import NONE, Limit
from chatsite.management.bench.report import Result


def result() -> Result:
    ours = [Figure("lost", "", 0), Figure("CPU per delivery", "ms", 0.03), Figure("messages per second", "", 2500)]
    floor = [Figure("CPU per delivery", "ms", 0.01)]
    limits = {
        "lost": NONE,
        "CPU per delivery": Limit(must=1.6, aim=1.25, ratio=True),
        "messages per second": Limit(must=2000, aim=3000, more=True),
    }
    return Result("room", "room of 100", "daphne", ours, floor, against="floor", limits=limits)


def test_the_table_shows_value_floor_ratio_must_aim_and_whether_it_held() -> None:
    _, head, lost, cost, rate = report.table(result()).splitlines()
    assert head.split() == ["daphne", "floor", "ratio", "must", "aim"]
    assert lost.split() == ["lost", "0", "0", "held"]
    assert " ".join(cost.split()) == "CPU per delivery ms 0.03 0.01 3.00 × ≤ 1.60 × ≤ 1.25 × NOT HELD, aim not met"
    assert " ".join(rate.split()) == "messages per second 2,500 ≥ 2,000 ≥ 3,000 held, aim not met"


def test_only_what_must_hold_and_does_not_is_broken() -> None:
    assert result().broken == ["CPU per delivery"]


def test_the_json_has_the_same_figures() -> None:
    read = json.loads(report.encoded([result()], {"Cores": "two"}))
    assert read["circumstances"] == {"Cores": "two"}
    lost, cost, rate = read["results"][0]["figures"]
    assert (lost["other"], lost["ratio"], lost["held"], lost["aim_met"]) == (None, None, True, None)
    assert cost["ratio"] == pytest.approx(3)
    assert (cost["must"], cost["limits_the_ratio"], cost["held"]) == (1.6, True, False)
    assert (rate["more_is_better"], rate["held"], rate["aim_met"]) == (True, True, False)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (4628, "4,628"), (123.4, "123"), (12.34, "12.3"), (0.2249, "0.22")]
)
def test_numbers_have_about_three_digits(value: float, text: str) -> None:
    assert report.number(value) == text
