"""Who may see somebody type: `policy.see_typing`, for everyone in a conversation at once.

Sockets of those who show nothing themselves are passed over by the hub.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from accounts import policy
from accounts.services import settings
from chatsite.postgres import absence
from chatsite.types import UserId

BELIEVED = 1.5  # seconds: a block and a change of the setting must show within two
KNOWN_MAX = 50_000  # people


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether anybody sees this person type, and who does not: those with a block between them."""

    shown: bool
    unseen: frozenset[UserId]


_known: dict[UserId, tuple[float, Reach]] = {}


def known(me: UserId) -> Reach | None:
    """As far as it was asked within the last moment; None: ask."""
    until, reach = _known.get(me, (0.0, None))
    return reach if time.monotonic() < until else None


def reach(me: UserId) -> Reach:
    """Two queries. While PostgreSQL is away, what was last known; of those nothing is known of, nothing is shown."""
    _until, last = _known.get(me, (0.0, Reach(False, frozenset())))
    found = absence.or_known(lambda: _ask(me), last)
    if len(_known) >= KNOWN_MAX:
        _known.clear()
    _known[me] = (time.monotonic() + BELIEVED, found)
    return found


def forget(me: UserId) -> None:
    """Their setting was changed: ask again."""
    _known.pop(me, None)


def _ask(me: UserId) -> Reach:
    return Reach(not settings.switched_off("typing", [me]), frozenset(policy.blocks_of([me])[me]))
