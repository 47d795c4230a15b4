from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import place


@pytest.fixture(scope="module")
def module_folder() -> Iterator[Path]:
    """A folder that any account may pass through, as servers started by root need. Not below pytest's own, which is
    private: there the servers' data would be put elsewhere, and stay."""
    folder = Path(tempfile.mkdtemp(prefix="chat-embedded-", dir=place()))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(module_folder: Path) -> Path:
    """The same, for one test."""
    own = Path(tempfile.mkdtemp(dir=module_folder))
    own.chmod(0o711)
    return own
