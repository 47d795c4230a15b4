"""The queues of jobs. Each lane does its jobs one after the other, beside those of the others."""

from __future__ import annotations

LONG = "long"
"""For what takes minutes: nobody waits for it, and nothing that somebody waits for may wait for it."""
MAIL = "mail"
"""For letters: a mail server that is slow holds up nothing but other letters."""
LINKS = "links"
"""For pages that messages link to: a slow one holds up nothing but a few others."""
LANES: dict[str, tuple[str, ...]] = {
    "prompt": ("default", "builtin"),
    "post": (MAIL,),
    "patient": (LONG,),
    "curious": (LINKS,),
}
"""The queues that each lane takes its jobs from."""
AT_ONCE = {"curious": 4}
"""Jobs that a lane does beside each other; one where it is not named."""
