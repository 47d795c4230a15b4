"""What the embedded stack of a data directory keeps for other processes: its addresses and the secret key.

Standard library only: the settings read it before Django is set up.
"""

from __future__ import annotations

import json
from pathlib import Path

FILE = "environment.json"  # mode 0600


def load(data_dir: Path) -> dict[str, str]:
    """The variables (DATABASE_URL, MONGODB_URL, REDIS_URL, SECRET_KEY) of the stack in `data_dir`; empty when there is
    none. Raises PermissionError when the stack belongs to somebody else."""
    try:
        kept = json.loads((data_dir / FILE).read_text())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {str(name): str(value) for name, value in kept.items()}


def keep(data_dir: Path, variables: dict[str, str]) -> None:
    """Write the variables for `load`; readers see the old file or the new one, never half of it."""
    new = data_dir / f"{FILE}.new"
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps(variables, indent=2) + "\n")
    new.rename(data_dir / FILE)
