"""Who may see somebody type: `policy.see_typing`, for everyone in a conversation at once.

Sockets of those who show nothing themselves are passed over by the hub.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts import policy
from accounts.services import settings
from chatsite.memory import Memory
from chatsite.postgres import absence
from chatsite.types import UserId


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether anybody sees this person type, and who does not: those with a block between them."""

    shown: bool
    unseen: frozenset[UserId]


_known: Memory[UserId, Reach] = Memory()


def known(me: UserId) -> Reach | None:
    """As far as it was asked within the last moment; None: ask."""
    return _known.believed(me)


def reach(me: UserId) -> Reach:
    """Two queries. While PostgreSQL is away, what was last known; of those nothing is known of, nothing is shown."""
    last = _known.last(me) or Reach(False, frozenset())
    return _known.recall([me], lambda _asked: {me: absence.or_known(lambda: _ask(me), last)})[me]


def forget(me: UserId) -> None:
    """Their setting was changed, or a block: ask again."""
    _known.forget(me)


def _ask(me: UserId) -> Reach:
    return Reach(not settings.switched_off("typing", [me]), frozenset(policy.blocks_of([me])[me]))
