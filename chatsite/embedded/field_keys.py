"""The file with the keys of sealed columns: 64 hex digits a line, newest first; what follows a # is not read.

Apart from `secret.key`, because it is rotated and because a backup of the databases must not carry it. Standard library
only: the settings read it before Django is set up.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

FILE = "field.keys"  # mode 0400
VARIABLE = "CHAT_FIELD_KEYS"  # the same keys, separated by commas or blanks, instead of the file


def lost(data_dir: Path, servers: Path, given: Mapping[str, str]) -> bool:
    """Whether there is a PostgreSQL of our own already (in `servers`), and no key to what is sealed in it."""
    if given.get(VARIABLE) or "DATABASE_URL" in given:
        return False
    return (servers / "postgres").exists() and not (data_dir / FILE).exists()


def advice(data_dir: Path) -> str:
    """What to do where `lost` is true."""
    return (
        f"{data_dir / FILE} is gone, and what is sealed in the database opens with those keys only. Put the file back "
        f"from the copy that is kept apart from the backups, or set {VARIABLE}."
    )


def make(data_dir: Path) -> None:
    """Writes a file with one new key, unless there is one."""
    file = data_dir / FILE
    if file.exists():
        return
    new = data_dir / f"{FILE}.new"
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(f"{secrets.token_hex(32)}\n")
    new.chmod(0o400)
    new.rename(file)


def read(data_dir: Path, given: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that the environment `given` names, else those of the file; none where there is neither. Not checked."""
    if given.get(VARIABLE):
        return tuple(given[VARIABLE].replace(",", " ").split())
    try:
        lines = (data_dir / FILE).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(key for line in lines if (key := line.partition("#")[0].strip()))
