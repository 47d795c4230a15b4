"""Tells whether code or databases changed since the last preparation that succeeded."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from chatsite.embedded import field_keys

BASE_DIR = Path(__file__).resolve().parents[2]
FILE = "prepared.stamp"
FOLDERS = ("accounts", "chatsite", "messaging", "notifications")


class Stamp:
    """A wrong answer costs only time: the preparation itself always runs and looks at the databases."""

    def __init__(self, data_dir: Path, variables: Mapping[str, str]) -> None:
        """`variables`: where the databases are."""
        self.file = data_dir / FILE
        databases = {name: os.environ.get(name, variables.get(name)) for name in ("DATABASE_URL", "MONGODB_URL")}
        keys = field_keys.read(data_dir, os.environ)  # other ones than before: look first whether they fit
        self.now = _digest([json.dumps(databases, sort_keys=True), *keys, *_sources()])

    def matches(self) -> bool:
        """Whether nothing changed."""
        return self.file.exists() and self.file.read_text() == self.now

    def keep(self) -> None:
        """Remember this state as prepared."""
        self.file.write_text(self.now)


def static_state(folders: list[Path]) -> str:
    """A digest of names, sizes and times of all files below `folders`."""
    return _digest([line for folder in folders for line in _files(folder)])


def _sources() -> list[str]:
    names = [line for folder in FOLDERS for line in _files(BASE_DIR / folder) if "__pycache__" not in line]
    requirements = BASE_DIR / "requirements.txt"
    return [*names, hashlib.sha256(requirements.read_bytes()).hexdigest()]


def _files(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            found.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    return found


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
