from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from tests.faults.site import Site

LINES = 60  # of each log


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
