"""What the embedded stack of a data directory keeps for other processes: its addresses and the secret key."""

from __future__ import annotations

import json
from pathlib import Path

FILE = "environment.json"  # mode 0600


def load(data_dir: Path) -> dict[str, str]:
    """The variables of the stack in `data_dir`; empty when there is none."""
    try:
        kept = json.loads((data_dir / FILE).read_text())
    except FileNotFoundError:
        return {}
    return {str(name): str(value) for name, value in kept.items()}
