"""The queues of jobs. Each lane does one job at a time, beside the other."""

from __future__ import annotations

LONG = "long"
"""For what takes minutes: nobody waits for it, and nothing that somebody waits for may wait for it."""
MAIL = "mail"
"""For letters: a mail server that is slow holds up nothing but other letters."""
LANES: dict[str, tuple[str, ...]] = {"prompt": ("default", "builtin"), "post": (MAIL,), "patient": (LONG,)}
"""The queues that each lane takes its jobs from."""
