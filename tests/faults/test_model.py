"""A20: ten thousand steps of the model, without a divergence (see tests/messaging/model)."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.messaging.model.machine import Machine
from tests.messaging.model.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)
RUNS, STEPS = 100, 110  # a few steps of each run are spent on beginning it


def test_no_divergence_in_ten_thousand_steps(stage: Stage) -> None:  # noqa: F811
    """Other ones each time: what it finds, it prints."""
    stage.play(Machine, settings(max_examples=RUNS, stateful_step_count=STEPS))
    assert stage.steps >= 10_000
