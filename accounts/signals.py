"""What this app announces to the apps above it: facts, after their transaction has committed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import Signal

from chatsite.types import UserId

friend_requested = Signal()
"""`user_id` asked `other_id` to be friends."""
friend_accepted = Signal()
"""`user_id` accepted the request of `other_id`."""
block_changed = Signal()
"""`user_id` has blocked `other_id` (`on`), or does so no more."""
sessions_ended = Signal()
"""Sessions of `user_id` ended, by log-out, revocation or a new password: whatever is open must prove itself again."""

person_leaves = Signal()
"""`user_id` is about to be deleted: take leave of them, so that nothing of them is left. Unlike all others, this comes
before the fact; a receiver that fails stops it, and it is sent again another day."""

settings_changed = Signal()
"""`user_id` has set `changes`, a value for each key."""


def announce(signal: Signal, *, user_id: UserId, **facts: Any) -> None:
    """Send a fact once the surrounding transaction holds. A receiver that fails is logged and hinders nobody."""
    transaction.on_commit(lambda: _send(signal, {"user_id": user_id, **facts}), robust=True)


def _send(signal: Signal, facts: dict[str, Any]) -> None:
    signal.send_robust(sender=None, **facts)
