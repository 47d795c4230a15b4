"""Fault tests run on two workers, a file on one of them: most of their time they wait.

A test marked `alone` has the machine for itself from its set-up to its teardown, since it measures what others feel.
"""

from __future__ import annotations

import fcntl
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.site import Site

LINES = 60  # of each log
FIRST = ("test_model.py", "test_network.py", "test_postgres.py", "test_bench.py", "test_mongo.py")
"""The longest leads, and what needs the machine most besides, a primary killed under load, comes when that is over."""
THIS = Path(__file__)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs alone comes last: until then both workers have something to do."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, int]:
    place = FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST)
    return item.get_closest_marker("alone") is not None, place


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Waits until whoever is alone has ended, or until everyone else has."""
    with THIS.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the web processes said last: their logs are gone with the site."""
    report = yield
    site = getattr(item, "funcargs", {}).get("site")
    if report.failed and isinstance(site, Site):
        for web in site.webs:
            report.sections.append((f"the end of {web.child.name}.log", web.child.last_lines(LINES)))
    return report
