"""What the embedded stack of a data directory keeps for other processes: its addresses and the secret key.

Standard library only: the settings read it before Django is set up.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from pathlib import Path

FILE = "environment.json"  # mode 0600
OWNER = "DATABASE_OWNER_URL"
"""The address of PostgreSQL as the owner of the tables."""
VARIABLES = ("DATABASE_URL", OWNER, "MONGODB_URL", "REDIS_URL", "SECRET_KEY")
"""All that a stack may keep for others."""
OWNERS = {"migrate", "prepare", "bootstrap", "createsuperuser", "makemigrations", "showmigrations", "sqlmigrate"}
"""Commands that work as the owner. No other process is to know how to log in as that."""


def load(data_dir: Path) -> dict[str, str]:
    """The variables of the stack in `data_dir`: addresses of the servers, SECRET_KEY; empty when there is none.

    Raises PermissionError when the stack belongs to somebody else.
    """
    try:
        kept = json.loads((data_dir / FILE).read_text())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {str(name): str(value) for name, value in kept.items()}


def take(data_dir: Path, variables: MutableMapping[str, str], command: str) -> None:
    """Fills in what the stack of `data_dir` has kept, for a process that carries out this command. What is set goes
    first; and where one's own PostgreSQL is named, the owner of another one does not belong to it."""
    own = "DATABASE_URL" in variables
    for name, value in load(data_dir).items():
        if not (own and name == OWNER):
            variables.setdefault(name, value)
    owner = variables.pop(OWNER, None)
    if owner and command in OWNERS:
        variables["DATABASE_URL"] = owner


def keep(data_dir: Path, variables: dict[str, str]) -> None:
    """Write the variables for `load`; readers see the old file or the new one, never half of it."""
    new = data_dir / f"{FILE}.new"
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps(variables, indent=2) + "\n")
    new.rename(data_dir / FILE)
