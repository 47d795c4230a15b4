"""Does an environment meet the requirements, told with the standard library alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from chatsite.embedded import installation, site

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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy whose .venv has a Python that only tells what it is asked; our own lacks everything (-S)."""
    shutil.copy(site.MANAGE, tmp_path)
    shutil.copytree(site.BASE_DIR / "chatsite" / "embedded", tmp_path / "chatsite" / "embedded")
    (tmp_path / "requirements.txt").write_text("no-such-thing\n")
    told = tmp_path / ".venv" / "bin" / "python"
    told.parent.mkdir(parents=True)
    told.write_text('#!/bin/sh\necho "told: $*" >> told\n')
    told.chmod(0o755)
    return tmp_path


def told_by(project: Path) -> list[str]:
    """What the Python of .venv is told during one `manage.py up`."""
    (project / "told").write_text("")
    subprocess.run([sys.executable, "-S", "manage.py", "up"], cwd=project, check=True, stdout=subprocess.DEVNULL)
    return [line.removeprefix("told: ") for line in (project / "told").read_text().splitlines()]


def test_requirements_are_installed_once_and_again_when_they_change(project: Path) -> None:
    first = told_by(project)
    assert any("install" in line and "requirements.txt" in line for line in first)
    assert first[-1] == "manage.py up", "and then it goes on there"
    assert told_by(project) == ["manage.py up"], "nothing to install at the next start"
    (project / "requirements.txt").write_text("no-such-thing\nnor-this\n")
    assert len(told_by(project)) > 1
