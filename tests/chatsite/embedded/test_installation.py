"""Does an environment meet the requirements, told with the standard library alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from chatsite.embedded import installation

CLAUSES = ["~=5.2.19", "~=4.20", ">=4.2.3", "<5", "==65.21.1", ">=5", "~=3.10"]
VERSIONS = ["5.2.19", "5.2.3", "5.3", "4.20", "4.21.1", "4.2.3", "5.0", "65.21.1", "65.21.2", "3.9", "3.10.4", "4.0"]


@pytest.mark.parametrize("clause", CLAUSES)
@pytest.mark.parametrize("version", VERSIONS)
def test_clauses_mean_what_they_mean_to_pip(clause: str, version: str) -> None:
    numbers = installation._numbers(version)
    assert installation._satisfies(numbers, clause) is SpecifierSet(clause).contains(version)


def test_this_environment_lacks_nothing() -> None:
    assert installation.lacking(installation.RUNTIME) == []
    assert installation.lacking(installation.TESTS) == []


def test_what_is_missing_or_too_old_is_named(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(
        "# comment\n-r other.txt\npytest>=1\npytest>=1000  # too new\nno-such-thing[extra]~=1.0\nnone ; marker\n"
    )
    assert installation.lacking(file) == ["pytest>=1000  # too new", "no-such-thing[extra]~=1.0"]
